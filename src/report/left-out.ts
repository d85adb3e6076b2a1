import type { Execution } from '../model/execution.js';
import { isJudged, type Outcome, type OutcomeKind } from '../model/outcome.js';
import { readable, truncate } from '../untrusted/readable.js';
import { executionName, type ShowWorkflowIds } from './workflow-ids.js';

const MAX_LINES = 10;
const MAX_NAMED_EXECUTIONS = 3;

export interface LeftOut {
  readonly kind: OutcomeKind;
  readonly reason: string;
  readonly executions: readonly Execution[];
}

/** Executions that no replay judged, grouped by reason. The most frequent reason comes first. */
export function leftOutByReason(outcomes: readonly Outcome[]): LeftOut[] {
  const byReason = new Map<string, LeftOut & { executions: Execution[] }>();
  for (const outcome of outcomes) {
    if (isJudged(outcome)) continue;
    const { kind, message: reason = 'no reason was given', execution } = outcome;
    const key = `${kind} ${reason}`;
    const earlier = byReason.get(key);
    if (earlier === undefined) byReason.set(key, { kind, reason, executions: [execution] });
    else earlier.executions.push(execution);
  }
  return [...byReason.values()].sort((a, b) => b.executions.length - a.executions.length);
}

/** The same, as lines for a log or a terminal. */
export function leftOutLines(outcomes: readonly Outcome[], show: ShowWorkflowIds): string[] {
  const all = leftOutByReason(outcomes);
  const lines = all.slice(0, MAX_LINES).map(({ kind, reason, executions }) => {
    const named = executions.slice(0, MAX_NAMED_EXECUTIONS).map((one) => executionName(one, show));
    const more = executions.length - named.length;
    const names =
      show === 'false' ? '' : ` (${named.join(', ')}${more > 0 ? `, and ${more} more` : ''})`;
    return `${executions.length} ${kind}: ${truncate(readable(reason), 400)}${readable(names)}`;
  });
  return all.length > lines.length
    ? [...lines, `${all.length - lines.length} more reasons`]
    : lines;
}
