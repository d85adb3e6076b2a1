import { placesIn } from '../model/coverage.js';
import type { Execution } from '../model/execution.js';
import type { Target } from '../model/target.js';
import type { DiagnosedFinding, UnweighedFinding } from './failure.js';
import { remedy } from './explain.js';
import { wayOut } from './way-out.js';

/**
 * Merges the findings of one cause, those with most executions first. The result depends only on the executions,
 * not on how runs shared them: the example is the first in the listing, and a recorded one comes before others.
 */
export function mergeFindings(
  findings: readonly DiagnosedFinding[],
  listed: readonly Execution[],
  target?: Target,
  language?: string,
): UnweighedFinding[] {
  const at = placesIn(
    listed,
    findings.flatMap(({ executions, example }) => [...executions, example.execution]),
  );
  const inOrder = [...findings].sort(
    (a, b) =>
      Number(b.example.isRecorded) - Number(a.example.isRecorded) ||
      at(a.example.execution) - at(b.example.execution),
  );
  const groups = new Map<string, [DiagnosedFinding, ...DiagnosedFinding[]]>();
  for (const finding of inOrder) {
    const group = groups.get(finding.key);
    if (group === undefined) groups.set(finding.key, [finding]);
    else group.push(finding);
  }
  const isSetup = findings.every(({ baseline }) => baseline?.relation === 'pre-existing');
  return [...groups.values()]
    .map((group) => {
      const { key: _key, example: _example, ...shown } = group[0];
      return {
        ...shown,
        ...(isSetup ? asSetup(shown, target, language) : {}),
        executions: group.flatMap(({ executions }) => executions).sort((a, b) => at(a) - at(b)),
        divergingBuilds: new Map(group.flatMap(({ divergingBuilds }) => [...divergingBuilds])),
      };
    })
    .sort((a, b) => b.executions.length - a.executions.length);
}

/** When everything that breaks also breaks on the baseline, the replay's set-up probably differs from the worker's. */
function asSetup(
  { workflowType, divergence }: Pick<UnweighedFinding, 'workflowType' | 'divergence'>,
  target: Target | undefined,
  language: string | undefined,
): Pick<UnweighedFinding, 'cause' | 'remedy'> {
  const cause = 'setup-differs';
  return {
    cause,
    remedy: remedy({
      workflowType,
      cause,
      divergence,
      language,
      wayOut: wayOut(target),
    }),
  };
}
