/**
 * The errors in the bundler's log, without its lists of modules, its own stack, and its search for
 * modules. Undefined where there are none.
 */
export function bundlerErrors(log: string): string | undefined {
  const errors = log
    .split(/^(?=ERROR in )/mu)
    .slice(1)
    .map(shorten);
  return errors.length === 0 ? undefined : errors.join('\n');
}

function shorten(error: string): string {
  const lines = error.split('\n');
  // Who imports the module, innermost first: the first is the file to change.
  const importer = lines.find((line) => line.startsWith(' @ '));
  const end = lines.findIndex((line) => /^(?: @ |resolve '|webpack [\d.]+ compiled )/u.test(line));
  const told = (end === -1 ? lines : lines.slice(0, end))
    .filter((line) => !/^\s*at |^$/u.test(line))
    .join('\n');
  return importer === undefined ? told : `${told}\nimported by ${importer.slice(3)}`;
}
