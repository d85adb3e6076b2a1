import type { Verdict, VerdictReason } from '../model/verdict.js';

/** The claim is neither confirmed nor refuted: red, unless a setting explicitly says otherwise. */
export function inconclusive(reason: VerdictReason, summary: string): Verdict {
  return { kind: 'inconclusive', reason, summary, passes: false };
}

/** "1 running execution", "2 running executions". */
export function counted(count: number, noun = 'running execution'): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
