import { patchFor, patchIn } from '../diagnosis/explain.js';
import type { DiagnosedFinding } from '../diagnosis/failure.js';
import { diffLines, type Hunk } from '../diagnosis/line-diff.js';
import type { Cause } from '../model/cause.js';
import type { LinesEdit } from '../model/proof.js';
import { asEdits, unifiedDiff } from './as-edits.js';
import { guard, type Replacement } from './guard.js';
import { importsPatched } from './import-patched.js';
import { spellingOf, type Spelling } from './spelling.js';
import { TwoTexts, type Place } from './whole-statements.js';

/** One edit that may let executions go on. Whether it does, only replays show. */
export interface Candidate {
  readonly edits: readonly LinesEdit[];
  readonly diff: string;
}

/** One file in which code under test and baseline differ, or the code under test alone. */
export interface Source {
  /** Relative to the workspace. */
  readonly file: string;
  readonly head: readonly string[];
  /** Absent without a baseline. */
  readonly base?: readonly string[];
}

/** More edits are not tried for one finding: each costs a process that starts. */
const MAX_CANDIDATES = 4;

/** How a cause is mended. */
const MENDED: Partial<Readonly<Record<Cause, 'guard' | 'restore'>>> = {
  'command-added': 'guard',
  'command-removed': 'guard',
  'command-replaced': 'guard',
  'commands-reordered': 'guard',
  'command-moved': 'guard',
  'workflow-ends-earlier': 'guard',
  'workflow-ends-later': 'guard',
  'workflow-ends-otherwise': 'guard',
  'workflow-threw': 'guard',
  'patch-removed': 'restore',
  'patch-renamed': 'restore',
  'patch-deprecated-early': 'restore',
  'version-range-left': 'restore',
  'identifier-differs': 'restore',
  'signal-handler-missing': 'restore',
  'update-handler-missing': 'restore',
  'workflow-type-missing': 'restore',
  'payload-not-decodable': 'restore',
};

export type Told = Pick<DiagnosedFinding, 'cause' | 'divergence' | 'baseline' | 'patch'>;

/** Whether an edit can be written for a cause at all. */
export function isMendable({ cause }: Pick<Told, 'cause'>): boolean {
  return MENDED[cause] !== undefined;
}

/**
 * Edits that may let the executions of a finding go on, the smallest first.
 *
 * @param language as the replayer names it
 */
export function candidatesFor(
  told: Told,
  sources: readonly Source[],
  language: string | undefined,
): Candidate[] {
  const spelling = spellingOf(language);
  const way = MENDED[told.cause];
  if (spelling === undefined || way === undefined) return [];
  const found = new Map<string, Candidate>();
  for (const source of sources) {
    for (const replacements of replacementsIn(told, source, way, spelling, language)) {
      const edits = asEdits(source.file, source.head, replacements);
      if (edits.length === 0) continue;
      const diff = unifiedDiff(source.file, source.head, edits);
      found.set(diff, { edits, diff });
    }
  }
  return [...found.values()].slice(0, MAX_CANDIDATES);
}

function replacementsIn(
  told: Told,
  { file, head, base }: Source,
  way: 'guard' | 'restore',
  spelling: Spelling,
  language: string | undefined,
): Replacement[][] {
  if (base === undefined) return way === 'guard' ? alone(told, file, head, spelling, language) : [];
  const texts = new TwoTexts(head, base, diffLines(base, head), spelling.syntax);
  const { hunks } = texts;
  if (hunks.length === 0) return [];
  const nearest = nearestHunk(told, file, hunks);
  const inner = hunks.map((_, at) => at).filter((at) => texts.around(at, at) !== undefined);
  const [first = nearest, last = nearest] = [inner[0], inner.at(-1)];
  if (way === 'restore') {
    const statement = texts.around(nearest, nearest);
    return [
      ...(statement === undefined
        ? [restored(texts, nearest, nearest)]
        : [[{ head: statement.head, lines: base.slice(...statement.base) }]]),
      restored(texts, 0, hunks.length - 1),
    ];
  }
  const id = freshId(told, [...head, ...base]);
  const others = [...outside(texts, inner), ...importsPatched(head, spelling, language)];
  const written: Replacement[][] = [];
  const write = (places: readonly (Place | undefined)[]): boolean => {
    const branches = places.map((place) =>
      place === undefined ? undefined : guard(texts, place, id, spelling),
    );
    const known = branches.filter((one) => one !== undefined);
    const isWhole = known.length === places.length && areApart(known);
    if (isWhole) written.push([...known, ...others]);
    return isWhole;
  };
  // What a branch declares is lost behind it: where that is needed, the rest of the block goes into the branch.
  const around = (from: number, to: number): boolean =>
    write([texts.around(from, to)]) || write([texts.around(from, to, true)]);
  if (inner.includes(nearest)) around(nearest, nearest);
  if (inner.length > 1) {
    // One patch may be asked for at several places, and answers the same.
    write(inner.map((at) => texts.around(at, at)));
  }
  if (inner.length > 1 || !inner.includes(nearest)) around(first, last);
  if (inner.length === 0) around(0, hunks.length - 1);
  return written;
}

function areApart(replacements: readonly Replacement[]): boolean {
  const inOrder = [...replacements].sort((a, b) => a.head[0] - b.head[0]);
  return inOrder.every(({ head }, at) => at === 0 || head[0] >= (inOrder[at - 1]?.head[1] ?? 0));
}

/** What old branches need of lines outside of functions: those that only went are put back. */
function outside({ hunks, base }: TwoTexts, inner: readonly number[]): Replacement[] {
  return hunks.flatMap(({ before, after }, at) =>
    inner.includes(at) || after[0] !== after[1]
      ? []
      : [{ head: after, lines: base.slice(...before) }],
  );
}

/** The old lines in place of the new ones, from one difference to another; also where only indentation differs. */
function restored({ hunks, head, base }: TwoTexts, first: number, last: number): Replacement[] {
  const replacements: Replacement[] = [];
  let above: Hunk | undefined;
  for (const hunk of hunks.slice(first, last + 1)) {
    const { before, after } = hunk;
    for (let at = above?.after[1] ?? after[0]; at < after[0]; at += 1) {
      const line = base[before[0] - (after[0] - at)] ?? '';
      if (line !== head[at]) replacements.push({ head: [at, at + 1], lines: [line] });
    }
    replacements.push({ head: after, lines: base.slice(...before) });
    above = hunk;
  }
  return joined(replacements);
}

/** Replacements that touch each other as one. */
function joined(replacements: readonly Replacement[]): Replacement[] {
  const all: Replacement[] = [];
  for (const one of replacements) {
    const last = all.at(-1);
    if (last?.head[1] === one.head[0]) {
      all.splice(-1, 1, {
        head: [last.head[0], one.head[1]],
        lines: [...last.lines, ...one.lines],
      });
    } else all.push(one);
  }
  return all;
}

/** Without a baseline only what the code does too much can be put into a branch. */
function alone(
  told: Told,
  file: string,
  head: readonly string[],
  spelling: Spelling,
  language: string | undefined,
): Replacement[][] {
  const { divergence, cause } = told;
  const at = 'location' in divergence ? divergence.location : undefined;
  if (cause !== 'command-added' || at?.file !== file) return [];
  const line = at.line - 1;
  // The whole statement of the line; where both sides are the same, it is the same on both.
  const range = [line, line + 1] as const;
  const texts = new TwoTexts(head, head, [{ before: range, after: range }], spelling.syntax);
  const statement = texts.around(0, 0);
  if (statement === undefined) return [];
  const [from, to] = statement.head;
  const gone = new TwoTexts(
    head,
    head.filter((_, index) => index < from || index >= to),
    [{ before: [from, from], after: [from, to] }],
    spelling.syntax,
  );
  const place: Place = { head: [from, to], base: [from, from] };
  const branches = guard(gone, place, freshId(told, head), spelling);
  return branches === undefined ? [] : [[branches, ...importsPatched(head, spelling, language)]];
}

/** The difference that is nearest to where the code diverges. */
function nearestHunk({ divergence, baseline }: Told, file: string, hunks: readonly Hunk[]): number {
  const here = 'location' in divergence ? divergence.location : undefined;
  const there = baseline?.location;
  const distance = ({ before, after }: Hunk): number =>
    Math.min(
      here?.file === file ? away(here.line - 1, after) : Infinity,
      there?.file === file ? away(there.line - 1, before) : Infinity,
    );
  let best = 0;
  for (const [at, hunk] of hunks.entries()) {
    const known = hunks[best];
    if (known !== undefined && distance(hunk) < distance(known)) best = at;
  }
  return best;
}

function away(line: number, [from, to]: readonly [number, number]): number {
  return Math.max(from - line, line - Math.max(from, to - 1), 0);
}

/** A patch ID that the code does not use yet. */
function freshId({ divergence }: Told, lines: readonly string[]): string {
  const held = 'event' in divergence ? divergence.event.words : undefined;
  const issued = 'command' in divergence ? divergence.command : undefined;
  const wanted = patchFor(patchIn(held) === '' ? (issued ?? held) : held);
  const text = lines.join('\n');
  let id = wanted;
  for (let number = 2; text.includes(id); number += 1) id = `${wanted}-${number}`;
  return id;
}
