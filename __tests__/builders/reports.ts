import { measureCoverage } from '../../src/model/coverage.js';
import type { Execution } from '../../src/model/execution.js';
import type { Report } from '../../src/model/report.js';
import { conclude } from '../../src/verdict/conclude.js';
import type { Evidence } from '../../src/verdict/evidence.js';
import { CLAIMED, evidence } from './evidence.js';
import { aVersionSetTarget, COMMIT } from './gate-parts.js';

export interface ReportChanges extends Partial<Evidence> {
  readonly warnings?: readonly string[];
  readonly patches?: Report['patches'];
  readonly retentionMs?: number;
  readonly reach?: Report['reach'];
  readonly estimate?: Report['estimate'];
  readonly effort?: Report['effort'];
  readonly target?: Report['target'];
  readonly replayer?: Report['replayer'];
  readonly commit?: Report['commit'];
  readonly baseline?: Report['baseline'];
  readonly wayOut?: string;
  readonly pullRequests?: readonly number[];
  readonly removedClaim?: string;
}

/** The report of a run that found this evidence: the verdict is concluded, the coverage measured. */
export function aReport(changes: ReportChanges = {}): Report {
  const { warnings = [], patches = [], reach, estimate, effort, baseline, ...given } = changes;
  const found = evidence(given);
  return {
    asOf: '2026-10-01T12:00:00.000Z',
    commit: 'commit' in changes ? changes.commit : COMMIT,
    claim: found.claim,
    target: 'target' in changes ? changes.target : aVersionSetTarget({ buildId: 'v2.0' }),
    replayer:
      'replayer' in changes
        ? changes.replayer
        : { language: 'typescript', sdkName: '@temporalio/worker', sdkVersion: '1.24.0' },
    ...(baseline === undefined ? {} : { baseline }),
    verdict: conclude(found),
    outcomes: found.outcomes,
    findings: found.findings,
    coverage: measureCoverage(found.listed, found.outcomes, found.listingTruncated),
    ...(estimate === undefined ? {} : { estimate }),
    ...(effort === undefined ? {} : { effort }),
    patches,
    ...(given.retentionMs === undefined ? {} : { retentionMs: given.retentionMs }),
    ...(reach === undefined ? {} : { reach }),
    ...(found.drift === undefined ? {} : { drift: found.drift }),
    warnings,
    ...(given.wayOut === undefined ? {} : { wayOut: given.wayOut }),
    ...(given.pullRequests === undefined ? {} : { pullRequests: given.pullRequests }),
    ...(given.removedClaim === undefined ? {} : { removedClaim: given.removedClaim }),
    ...(found.problem === undefined ? {} : { problem: found.problem }),
  };
}

/** The report of a run that never came to a target. */
export function anEarlyReport(changes: ReportChanges = {}): Report {
  return aReport({ claim: CLAIMED, target: undefined, replayer: undefined, ...changes });
}

/** Executions with names that stay the same from run to run, as golden files need them. */
export function namedExecutions(
  prefix: string,
  count: number,
  changes: Partial<Execution> = {},
): Execution[] {
  return Array.from({ length: count }, (_, index) => ({
    workflowId: `${prefix}-${index + 1}`,
    runId: `run-of-${prefix}-${index + 1}`,
    workflowType: 'orderWorkflow',
    taskQueue: 'orders',
    status: 'Running',
    buildIds: ['v1.0'],
    ...changes,
  }));
}
