/**
 * Reads a file of the kind that GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STATE name: `name=value` lines,
 * and `name<<delimiter` followed by the value's lines and the delimiter.
 *
 * @throws Error where the runner would fail the step.
 */
export function parseRunnerFile(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      values[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (heredoc >= 0) {
      const name = line.slice(0, heredoc);
      const delimiter = line.slice(heredoc + 2);
      const end = lines.indexOf(delimiter, index + 1);
      if (name === '' || delimiter === '' || end < 0) {
        throw new Error(`Invalid format '${line}': name, delimiter or closing delimiter missing`);
      }
      values[name] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return values;
}
