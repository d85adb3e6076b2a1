import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedLinesOf } from '../diagnosis/reach.js';
import { sourceLocation } from '../diagnosis/source-location.js';
import type { Inquiry } from './inquiry.js';
import type { Subject } from '../model/subject.js';
import { isJudged, type Outcome } from '../model/outcome.js';
import type { ChangedLine } from '../model/reach.js';

/**
 * Which of the changed workflow lines the replayed histories have run.
 *
 * @returns undefined where it is not known, or not counted
 */
export async function findReach(
  subject: Subject,
  outcomes: readonly Outcome[],
  { settings: { workspace }, replayers, warn }: Inquiry,
  stop: AbortSignal,
): Promise<ChangedLine[] | 'given-up' | undefined> {
  const isAsked = subject.readChangedLines !== undefined && outcomes.some(isJudged);
  if (!isAsked || !replayers.countsReach) return undefined;
  if (stop.aborted) return 'given-up';
  const counted = await replayers.reach();
  if (counted === 'not-counted') return undefined;
  if (counted === 'lost') {
    warn(
      'It is not known which changed lines the histories reach: a replay process ended before it could tell.',
    );
    return undefined;
  }
  const changed = await subject.readChangedLines();
  if ('problem' in changed) {
    warn(changed.problem);
    return undefined;
  }
  const reached = inRepository(counted.reached, workspace);
  const unreached = inRepository(counted.unreached, workspace);
  const untold = changed.untold.filter((file) => reached.has(file) || unreached.has(file));
  for (const file of untold) {
    warn(
      `GitHub shows no diff of ${file}: it is not known whether its changed lines were reached.`,
    );
  }
  const lines = changedLinesOf(changed.lines, {
    reached,
    unreached,
    linesOf: (file) => readFileSync(join(workspace, file), 'utf8').split('\n'),
  });
  // "No changed line is in the bundle" is certain only where all changed lines are known, and there is at least one.
  const isKnown = lines.length > 0 || (changed.lines.size > 0 && untold.length === 0);
  return isKnown ? lines : undefined;
}

/** Files of the repository only, by their path in it. */
function inRepository(
  lines: ReadonlyMap<string, ReadonlySet<number>>,
  workspace: string,
): Map<string, ReadonlySet<number>> {
  return new Map(
    [...lines].flatMap(([path, numbers]) => {
      const location = sourceLocation({ file: path, line: 1 }, workspace);
      return location === undefined ? [] : [[location.file, numbers] as const];
    }),
  );
}
