import { isBoundary, scanLines } from './line-scan.js';
import type { Spelling } from './spelling.js';
import type { Place, TwoTexts } from './whole-statements.js';

/** Lines that take the place of a range of the code under test. */
export interface Replacement {
  readonly head: readonly [from: number, to: number];
  readonly lines: readonly string[];
}

/**
 * New and old code at a place, as branches of a patch.
 *
 * @returns undefined where it cannot be written there, or where names that it declares are used after it
 */
export function guard(
  texts: TwoTexts,
  place: Place,
  id: string,
  spelling: Spelling,
): Replacement | undefined {
  const young = trimmed(texts.head.slice(...place.head));
  const old = trimmed(texts.base.slice(...place.base));
  if ([...young, ...old].some((line) => spelling.member.test(line.trim()))) return undefined;
  const from = place.head[0] + leadingBlanks(texts.head.slice(...place.head));
  const to = from + young.length;
  const isNew = spelling.isNew(id, texts.head);
  const isOld = spelling.isOld(id, texts.head);
  if (isNew === undefined || isOld === undefined) return undefined;
  const choice = asChoice(young, old, isNew, spelling);
  if (choice !== undefined) return { head: [from, to], lines: choice };
  if (declaresForLater(texts, place, spelling)) return undefined;
  const step = stepOf(texts.head, spelling);
  const indent = indentOf(young) ?? indentAt(texts, place, spelling);
  const block = (lines: readonly string[]): string[] => reindented(lines, indent + step, spelling);
  const [isYoung, isOlder] = [hasCode(young, spelling), hasCode(old, spelling)];
  if (!isYoung && !isOlder) return undefined;
  const opens = (condition: string): string => {
    if (spelling.syntax === 'indentation') return `${indent}if ${condition}:`;
    return spelling.syntax === 'braces'
      ? `${indent}if ${condition} {`
      : `${indent}if (${condition}) {`;
  };
  const closes = spelling.syntax === 'indentation' ? [] : [`${indent}}`];
  const otherwise = spelling.syntax === 'indentation' ? `${indent}else:` : `${indent}} else {`;
  if (!isOlder) return { head: [from, to], lines: [opens(isNew), ...block(young), ...closes] };
  if (!isYoung) {
    const lines = [...young, opens(isOld), ...block(old), ...closes];
    return { head: [from, to], lines };
  }
  return {
    head: [from, to],
    lines: [opens(isNew), ...block(young), otherwise, ...block(old), ...closes],
  };
}

/** One declaration on both sides, of which only the value differs. */
function asChoice(
  young: readonly string[],
  old: readonly string[],
  isNew: string,
  { syntax, step, declares }: Spelling,
): string[] | undefined {
  if (syntax !== 'braces;' || declares === undefined || !isNew.includes('patched('))
    return undefined;
  const parts = [young, old].map((lines) => {
    const scanned = scanLines(lines, syntax);
    const isOne = scanned.every((_, at) => at === 0 || !isBoundary(scanned, at, syntax));
    const text = lines.join('\n');
    const found =
      /^(\s*(?:const|let)\s+(?:\{[^}=]*\}|[\w$]+)(?::[^=;]+)?\s*=)\s*([\s\S]+);\s*$/u.exec(text);
    return isOne && found !== null && !text.includes('//') ? found : undefined;
  });
  const [here, there] = parts;
  if (here === undefined || there === undefined || here[1]?.trim() !== there[1]?.trim()) {
    return undefined;
  }
  const indent = /^\s*/u.exec(here[1] ?? '')?.[0] ?? '';
  return [
    `${here[1] ?? ''} ${isNew}`,
    ...`${indent}${step}? ${here[2] ?? ''}`.split('\n'),
    ...`${indent}${step}: ${there[2] ?? ''};`.split('\n'),
  ];
}

/** Whether statements after the place use a name that the place declares: in a branch it would be lost. */
function declaresForLater(texts: TwoTexts, { head, base }: Place, spelling: Spelling): boolean {
  const { declares } = spelling;
  if (declares === undefined) return false;
  const names = new Set<string>();
  for (const [scanned, [from, to]] of [
    [texts.scannedHead, head],
    [texts.scannedBase, base],
  ] as const) {
    const level = scanned[from]?.depth;
    const inPlace = scanned.slice(from, to);
    for (const [at, { code: line, depth, depthAfter }] of inPlace.entries()) {
      if (depth !== level) continue;
      // What is taken apart over several lines.
      const isOpen = depthAfter > depth && /^(?:const|let|var)\s+[{[]/u.test(line);
      const end = isOpen ? inPlace.findIndex((one, to) => to > at && one.depth === level) : at + 1;
      const code = inPlace
        .slice(at, end === -1 ? undefined : end)
        .map((one) => one.code)
        .join(' ');
      const groups: (string | undefined)[] = declares.exec(isOpen ? code : line)?.slice(1) ?? [];
      const list = groups.find((group) => group !== undefined) ?? '';
      for (const [name] of list.matchAll(/[\w$]+/gu)) names.add(name);
    }
  }
  names.delete('_');
  const rest = texts.scannedHead.slice(head[1]).map(({ code }) => code);
  const level = texts.scannedHead[head[0]]?.depth ?? 0;
  const end = texts.scannedHead.slice(head[1]).findIndex(({ least }) => least < level);
  const after = rest.slice(0, end === -1 ? undefined : end).join('\n');
  return [...names].some((name) =>
    new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'u').test(after),
  );
}

function hasCode(lines: readonly string[], { syntax }: Spelling): boolean {
  return scanLines(lines, syntax).some(({ code }) => code !== '');
}

function leadingBlanks(lines: readonly string[]): number {
  const first = lines.findIndex((line) => line.trim() !== '');
  return first === -1 ? 0 : first;
}

function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first === -1 ? [] : lines.slice(first, last + 1);
}

function indentOf(lines: readonly string[]): string | undefined {
  const first = lines.find((line) => line.trim() !== '');
  return first === undefined ? undefined : (/^\s*/u.exec(first)?.[0] ?? '');
}

/** The indentation of a statement at a place where the code under test has none: that of the one beside it. */
function indentAt(texts: TwoTexts, { head, base }: Place, { syntax }: Spelling): string {
  const level = texts.scannedBase[base[0]]?.depth;
  const beside = [
    ...texts.scannedHead.slice(0, head[0]).toReversed(),
    ...texts.scannedHead.slice(head[1]),
  ].find(
    ({ code, depth, least, inString }) =>
      code !== '' &&
      !inString &&
      (syntax === 'indentation' || (depth === level && least === level)),
  );
  const old = indentOf(texts.base.slice(...base));
  return old ?? beside?.indent ?? '';
}

/** The first step of indentation that a file shows. */
function stepOf(lines: readonly string[], { step }: Spelling): string {
  for (const line of lines) {
    const indent = /^(?:\t+| {2,8})(?=[^\s*])/u.exec(line)?.[0];
    if (indent !== undefined) return indent.startsWith('\t') ? '\t' : indent;
  }
  return step;
}

/** Moved so that the first line stands at an indentation. Lines within strings stay as they are. */
function reindented(lines: readonly string[], indent: string, { syntax }: Spelling): string[] {
  const scanned = scanLines(lines, syntax);
  const was = indentOf(lines) ?? '';
  return lines.map((line, at) => {
    if (line.trim() === '') return '';
    if (scanned[at]?.inString === true || !line.startsWith(was)) return line;
    return indent + line.slice(was.length);
  });
}
