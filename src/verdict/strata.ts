import { ByExecution } from '../model/coverage.js';
import { isOpen, type Execution } from '../model/execution.js';
import { isBreak } from '../model/outcome.js';
import type { Evidence } from './evidence.js';

/** At least this many running executions of each stratum must be replayed, or all where there are fewer. */
export const MIN_RUNNING = 20;

/** The stratum of a running execution: its workflow type, or one group of that type. */
export function runningStratumOf({ workflowType, group }: Execution): string {
  return group === undefined ? workflowType : `${workflowType} (${group})`;
}

/** Running executions of one workflow type, or of one group of it. */
export interface Stratum {
  size: number;
  /** Running executions that replay could judge: they still exist and have completed a workflow task. */
  needed: number;
  judged: number;
  /** Of the judged ones, those that break. */
  broken: number;
  errored: number;
  /** Running executions with nothing to replay yet, whose type the code does not register. */
  unregistered: number;
}

/** Strata by workflow type, and by group where there are groups. No stratum answers for another. */
export function runningByType(evidence: Evidence): Map<string, Stratum> {
  const strata = new Map<string, Stratum>();
  const outcomeOf = new ByExecution(
    evidence.outcomes.map(({ execution, kind }) => [execution, kind] as const),
  );
  for (const execution of evidence.listed) {
    if (!isOpen(execution)) continue;
    const { workflowType } = execution;
    const name = runningStratumOf(execution);
    let stratum = strata.get(name);
    if (stratum === undefined) {
      stratum = { size: 0, needed: 0, judged: 0, broken: 0, errored: 0, unregistered: 0 };
      strata.set(name, stratum);
    }
    const outcome = outcomeOf.get(execution);
    stratum.size += 1;
    if (outcome === 'skipped') {
      if (evidence.registeredTypes?.has(workflowType) === false) stratum.unregistered += 1;
      continue;
    }
    if (outcome === 'gone') continue;
    stratum.needed += 1;
    if (outcome === 'errored') stratum.errored += 1;
    else if (outcome !== undefined) stratum.judged += 1;
    if (outcome !== undefined && isBreak({ kind: outcome })) stratum.broken += 1;
  }
  return strata;
}
