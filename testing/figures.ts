import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Names the file that tests leave their figures in; the test run makes it and prints it at its end. */
export const FIGURES = 'REPLAY_ACTION_FIGURES';

interface Figure {
  readonly point: string;
  readonly text: string;
}

/**
 * Leaves a figure for the end of the run: what was tried, how often, with which seed, and what came out.
 * A breach fails its test; a figure tells how much stands behind a pass.
 *
 * @param point what was put to the test, such as "injection: titles"
 */
export function figure(point: string, text: string): void {
  const file = process.env[FIGURES];
  if (file === undefined) return;
  const line: Figure = { point, text };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/**
 * All figures of a run, sorted by point; those of one point in the order in which they were left, and one that was
 * left several times once, with how often.
 */
export function figuresOf(file: string): readonly Figure[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const figures = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Figure);
  const counts = new Map<string, number>();
  for (const { point, text } of figures) {
    const key = JSON.stringify([point, text]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([key, count]) => {
      const [point = '', text = ''] = JSON.parse(key) as string[];
      return { point, text: count === 1 ? text : `${count} × ${text}` };
    })
    .toSorted((one, other) => one.point.localeCompare(other.point));
}
