import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAUSES, type Cause } from '../../../src/model/cause.js';
import type { CorpusLanguageName } from '../languages/language.js';
import { apply, lineAt, type Edit, type Replacement } from './edit.js';
import { linesOf, type Base } from './generate.js';

/** The tables of edits by hand, one for each workflow, in all languages; their form: README.md above. */
const TABLES = join(import.meta.dirname, 'by-hand');

const TITLE = /^\[(?<kind>[\w-]+)\] (?<name>[^:]+)(?:: (?<truth>.+))?$/u;
const SPELLING = /^(?<language>typescript|python|go|java)(?: +(?<from>.+) ==> (?<to>.+))?$/u;

/** How an edit is written in one language. */
interface Spelling {
  readonly language: string;
  /** Texts that occur once, and what comes in their place. */
  readonly changes: { from: string; to: string }[];
  /** Fragments of the edited text whose lines, all that they span, are right besides those that changed. */
  readonly near: string[];
}

interface ByHand {
  readonly name: string;
  readonly kind: string;
  readonly causes: readonly Cause[];
  readonly hasNoLine: boolean;
  readonly equivalent: boolean;
  readonly spellings: readonly Spelling[];
}

/**
 * Edits of the workflows in one language as people make them, most of more than one place.
 *
 * @throws Error where an edit names a text that its workflow does not hold exactly once
 */
export function editsByHand(language: CorpusLanguageName, bases: readonly Base[]): Edit[] {
  return bases.flatMap((base) => {
    const table = readFileSync(join(TABLES, `${base.workflowType}.edits`), 'utf8');
    return editsOfTable(table, language, base);
  });
}

/** The edits that a table spells in this language. */
export function editsOfTable(table: string, language: CorpusLanguageName, base: Base): Edit[] {
  return readTable(table).flatMap(({ spellings, ...edit }) =>
    spellings
      .filter((spelling) => spelling.language === language)
      .map((spelling) => editOf(edit, spelling, base)),
  );
}

function editOf(
  { name, kind, causes, hasNoLine, equivalent }: Omit<ByHand, 'spellings'>,
  { changes, near }: Spelling,
  { workflowType, file, text: base }: Base,
): Edit {
  const replacements = changes.map(({ from, to }) => {
    const at = base.indexOf(from);
    if (at < 0 || base.includes(from, at + 1)) {
      throw new Error(`${workflowType}, ${name}: not there exactly once: ${from}`);
    }
    return { from: at, to: at + from.length, text: to };
  });
  const { text } = apply(base, replacements);
  const lines = changedLines(base, replacements);
  for (const fragment of near) {
    const at = linesOf(text, fragment);
    if (at.length === 0) throw new Error(`${workflowType}, ${name}: there is no "${fragment}"`);
    const height = fragment.split('\n').length;
    for (const first of at) {
      for (let line = first; line < first + height; line += 1) lines.add(line);
    }
  }
  return {
    id: `${workflowType}/by-hand/${name.replaceAll(/[^a-z\d]+/gu, '-')}`,
    workflowType,
    file,
    kind,
    origin: 'by-hand',
    equivalent,
    text,
    causes,
    lines: hasNoLine ? undefined : lines,
  };
}

function readTable(table: string): ByHand[] {
  return table
    .trim()
    .split(/\n{2,}/u)
    .map((block) => {
      const [title = '', ...rows] = block.split('\n').filter((row) => !row.startsWith('#'));
      const { kind = '', name = '', truth } = TITLE.exec(title)?.groups ?? {};
      if (kind === '') throw new Error(`this is no title of an edit: ${title}`);
      const words = truth?.split(', ') ?? [];
      const causes = words.filter((word) => word !== 'equivalent' && word !== 'no line');
      return {
        name,
        kind,
        causes: causes.map(causeOf),
        hasNoLine: words.includes('no line'),
        equivalent: words.includes('equivalent'),
        spellings: readSpellings(rows),
      };
    });
}

function readSpellings(rows: readonly string[]): Spelling[] {
  const spellings: Spelling[] = [];
  for (const row of rows) {
    const { language, from = '', to = '' } = SPELLING.exec(row)?.groups ?? {};
    if (language !== undefined) {
      if (spellings.at(-1)?.language !== language) {
        spellings.push({ language, changes: [], near: [] });
      }
      spellings.at(-1)?.changes.push({ from, to });
      continue;
    }
    const spelling = spellings.at(-1);
    const change = spelling?.changes.at(-1);
    if (spelling === undefined || change === undefined) throw new Error(`of no language: ${row}`);
    if (row.startsWith('near ')) {
      const fragments = row.slice('near '.length).split(' | ');
      spelling.near.push(...fragments.map((one) => one.trim().replaceAll('\\n', '\n')));
    } else if (/^[ +-]/u.test(row)) {
      const line = `${row.slice(1)}\n`;
      if (!row.startsWith('+')) change.from += line;
      if (!row.startsWith('-')) change.to += line;
    } else {
      throw new Error(`this is no row of an edit: ${row}`);
    }
  }
  return spellings;
}

function causeOf(word: string): Cause {
  const cause = CAUSES.find((one) => one === word);
  if (cause === undefined) throw new Error(`there is no cause ${word}`);
  return cause;
}

/** Lines of the new text that a replacement adds or changes: not those that it only repeats. */
function changedLines(base: string, replacements: readonly Replacement[]): Set<number> {
  const lines = new Set<number>();
  let added = 0;
  for (const { from, to, text } of [...replacements].sort((a, b) => a.from - b.from)) {
    const begin = base.lastIndexOf('\n', from - 1) + 1;
    const end = base.indexOf('\n', to) < 0 ? base.length : base.indexOf('\n', to);
    const before = base.slice(begin, end).split('\n');
    const after = `${base.slice(begin, from)}${text}${base.slice(to, end)}`.split('\n');
    const shorter = Math.min(before.length, after.length);
    let first = 0;
    while (first < shorter && before[first] === after[first]) first += 1;
    let last = 0;
    while (last < shorter - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
    const firstLine = lineAt(base, begin) + added;
    for (let index = first; index < after.length - last; index += 1) {
      if (after[index]?.trim() !== '') lines.add(firstLine + index);
    }
    added += after.length - before.length;
  }
  return lines;
}
