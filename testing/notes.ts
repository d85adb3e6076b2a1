import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Names the file that tests leave their notes in; the test run makes it and prints them at its end. */
export const NOTES = 'REPLAY_ACTION_NOTES';

type NoteKind = 'figure' | 'not in this tier' | 'skipped';

interface Note {
  readonly kind: NoteKind;
  readonly text: string;
}

/** Leaves a line for the end of the run. Without a run around it, nobody reads it. */
export function note(kind: NoteKind, text: string): void {
  const file = process.env[NOTES];
  if (file === undefined) return;
  const line: Note = { kind, text };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/**
 * Leaves a figure: what was tried, how often, with which seed, and what came out. A breach fails its test; a figure
 * tells how much stands behind a pass.
 *
 * @param point what was put to the test, such as "injection: titles"
 */
export function figure(point: string, text: string): void {
  note('figure', `${point}: ${text}`);
}

/** The notes of one kind, sorted, and one that was left several times once, with how often. */
export function notesOf(file: string, kind: NoteKind): readonly string[] {
  if (!existsSync(file)) return [];
  const counts = new Map<string, number>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const read = JSON.parse(line) as Note;
    if (read.kind === kind) counts.set(read.text, (counts.get(read.text) ?? 0) + 1);
  }
  return [...counts]
    .map(([text, count]) => (count === 1 ? text : `${text} (${count} ×)`))
    .toSorted((one, other) => one.localeCompare(other));
}
