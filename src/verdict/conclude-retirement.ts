import { runningOf, type Retirement } from '../model/retirement.js';

export interface RetirementVerdict {
  readonly passes: boolean;
  /** One or two sentences for the top of every report. */
  readonly summary: string;
}

/** Looking is never red, unless the caller wants executions that no worker takes to be. */
export function concludeRetirement(
  { versions, unserved }: Pick<Retirement, 'versions' | 'unserved'>,
  { failOnStuck }: { readonly failOnStuck: boolean },
): RetirementVerdict {
  const stuck = sum(versions.map((one) => one.stuck)) + sum(unserved.map(({ count }) => count));
  // Where nobody says who polls, nobody says that nothing is stuck.
  const unknown = sum(
    versions.filter(({ workers }) => workers.kind === 'not-known').map(runningOf),
  );
  const parts = [
    stuck > 0
      ? `${executions(stuck)} ${stuck === 1 ? 'is' : 'are'} stuck: no worker polls for ${stuck === 1 ? 'it' : 'them'}.`
      : '',
    unknown > 0 ? `Whether a worker polls for ${executions(unknown)} is not known.` : '',
  ].filter((part) => part !== '');
  return {
    passes: !failOnStuck || (stuck === 0 && unknown === 0),
    summary: parts.length === 0 ? 'No running execution is stuck.' : parts.join(' '),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function executions(count: number): string {
  return `${count} running execution${count === 1 ? '' : 's'}`;
}
