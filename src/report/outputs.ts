import { countOutcomes } from '../model/outcome.js';
import type { Report } from '../model/report.js';
import { jsonFinding } from './json-report.js';
import { targetWords } from './target-words.js';
import type { ShowWorkflowIds } from './workflow-ids.js';

/** The action's outputs, by the names of action.yml. */
export function renderOutputs(
  report: Report,
  options: { readonly showWorkflowIds: ShowWorkflowIds; readonly reportPath: string | undefined },
): Record<string, string> {
  const counts = countOutcomes(report.outcomes);
  return {
    verdict: report.verdict.kind,
    reason: report.verdict.reason,
    'build-id': report.claim?.kind === 'claimed' ? report.claim.buildId : '',
    target: report.target === undefined ? '' : targetWords(report.target),
    matched: String(report.coverage.matched),
    replayed: String(counts.passed + counts.nondeterministic + counts['task-failed']),
    passed: String(counts.passed),
    nondeterministic: String(counts.nondeterministic),
    'task-failed': String(counts['task-failed']),
    errored: String(counts.errored),
    skipped: String(counts.skipped),
    gone: String(counts.gone),
    findings: JSON.stringify(
      report.findings.map((finding) => jsonFinding(finding, options.showWorkflowIds)),
    ),
    report: options.reportPath ?? '',
    'claim-removed': report.removedClaim ?? '',
  };
}
