/**
 * Writes the tables of inputs and outputs in docs/inputs.md from action.yml: `npm run inputs`.
 *
 * `--check` changes nothing, and fails when a table differs from action.yml.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const path = join(root, 'docs/inputs.md');
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
const before = readFileSync(path, 'utf8');

const inputs = Object.entries(action.inputs).map(([name, input]) => [
  code(name),
  input.default === undefined ? '' : code(input.default),
  text(input.description),
]);
const outputs = Object.entries(action.outputs).map(([name, output]) => [
  code(name),
  text(output.description),
]);

let after = between(before, 'inputs', table(['Input', 'Default', 'Meaning'], inputs));
after = between(after, 'outputs', table(['Output', 'Meaning'], outputs));
after = await prettier.format(after, {
  ...(await prettier.resolveConfig(path)),
  parser: 'markdown',
});

if (after === before) {
  console.log('The tables in docs/inputs.md are current');
} else if (process.argv.includes('--check')) {
  console.error(
    'The tables in docs/inputs.md differ from action.yml. Run "npm run inputs" and commit it.',
  );
  process.exitCode = 1;
} else {
  writeFileSync(path, after);
}

function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Replaces the text between the two comments with this name. */
function between(markdown, name, content) {
  const [start, end] = [`<!-- ${name}, made from action.yml -->`, `<!-- end of ${name} -->`];
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end);
  if (from === -1 || to < from) throw new Error(`docs/inputs.md lacks "${start}" … "${end}"`);
  return `${markdown.slice(0, from + start.length)}\n\n${content}\n\n${markdown.slice(to)}`;
}

function code(value) {
  return `\`${String(value).replaceAll('|', '\\|')}\``;
}

/** Plain text of action.yml. What Markdown would take as its own is escaped or made code. */
function text(value) {
  return value
    .trim()
    .replace(/\s+/gu, ' ')
    .split(/(\b[A-Z]+_[A-Z_*]+)/u)
    .map((part, index) => (index % 2 === 1 ? code(part) : part.replace(/[\\`*_[\]<>|]/gu, '\\$&')))
    .join('');
}
