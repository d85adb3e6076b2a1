import type { HistoryReader } from '../engine/history-reader.js';
import type { Execution } from '../model/execution.js';
import type { Finding, FindingGroup } from '../model/finding.js';
import { countOutcomes } from '../model/outcome.js';
import type { ReplayerDescription, Report } from '../model/report.js';
import { workflowIdHash, type ShowWorkflowIds } from './workflow-ids.js';

/** Version of the form of the JSON report; docs/report.schema.json describes it. */
export const JSON_REPORT_VERSION = 1;

/** The whole report for machines. Fields may be added; none is renamed within a version. */
export function renderJsonReport(
  report: Report,
  show: ShowWorkflowIds,
  { readMessage }: Pick<HistoryReader, 'readMessage'>,
): string {
  return `${JSON.stringify(
    {
      version: JSON_REPORT_VERSION,
      asOf: report.asOf,
      commit: report.commit ?? null,
      verdict: report.verdict,
      claim: report.claim ?? null,
      pullRequests: report.pullRequests ?? null,
      removedClaim: report.removedClaim ?? null,
      target: report.target ?? null,
      replayer: report.replayer === undefined ? null : replayerOf(report.replayer),
      isolation: report.isolation ?? null,
      baseline:
        report.baseline === undefined
          ? null
          : {
              commit: report.baseline.commit,
              replayer:
                report.baseline.replayer === undefined
                  ? null
                  : replayerOf(report.baseline.replayer),
            },
      counts: countOutcomes(report.outcomes),
      coverage: report.coverage,
      estimate: report.estimate ?? null,
      effort: report.effort ?? null,
      findings: report.findings.map((finding) => jsonFinding(finding, show)),
      wayOut: report.wayOut ?? null,
      patches: report.patches,
      retentionMs: report.retentionMs ?? null,
      reach: report.reach ?? null,
      drift: report.drift ?? null,
      outcomes: report.outcomes.map(({ execution, message, ...outcome }) => ({
        ...outcome,
        // The SDK's words can hold IDs: they are shown only where IDs are shown.
        ...(message === undefined || show !== 'true'
          ? {}
          : { message: readMessage(message).words }),
        execution: jsonExecution(execution, show),
      })),
      warnings: report.warnings,
      problem:
        report.problem === undefined
          ? null
          : {
              found: report.problem.found,
              expected: report.problem.expected ?? null,
              fix: report.problem.fix ?? null,
            },
    },
    null,
    2,
  )}\n`;
}

function replayerOf({ language, sdkName, sdkVersion }: ReplayerDescription): object {
  return { language, sdkName, sdkVersion };
}

export function jsonFinding(finding: Finding, show: ShowWorkflowIds): object {
  const { groups } = finding;
  return {
    ...jsonGroup(finding, show),
    ...(groups === undefined ? {} : { groups: groups.map((group) => jsonGroup(group, show)) }),
  };
}

function jsonGroup(group: FindingGroup, show: ShowWorkflowIds): object {
  return {
    ...group,
    executions: group.executions.map((execution) => jsonExecution(execution, show)),
  };
}

function jsonExecution(execution: Execution, show: ShowWorkflowIds): object {
  const { workflowId, runId, ...rest } = execution;
  switch (show) {
    case 'true':
      return { workflowId, runId, ...rest };
    case 'hash':
      return { workflowIdHash: workflowIdHash(workflowId), ...rest };
    case 'false':
      return rest;
  }
}
