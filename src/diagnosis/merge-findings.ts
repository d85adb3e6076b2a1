import { placesIn } from '../model/coverage.js';
import type { Execution } from '../model/execution.js';
import { saysMore } from './diagnose.js';
import type { DiagnosedFinding, UnweighedFinding } from './failure.js';
import { remedy } from './explain.js';
import { triedFor } from './tried.js';
import { newest } from './passed-histories.js';
import { joinRoots } from './root.js';

/**
 * Merges the findings of one cause, those with most executions first. The result depends only on the executions,
 * not on how runs shared them: the example is the first in the listing, and a recorded one comes before others.
 */
export function mergeFindings(
  findings: readonly DiagnosedFinding[],
  listed: readonly Execution[],
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
    else if (saysMore(finding, group[0])) group.unshift(finding);
    else group.push(finding);
  }
  const isSetup = findings.every(({ baseline }) => baseline?.relation === 'pre-existing');
  // That is proven, whoever caused it.
  const isChance = ({ cause }: Pick<UnweighedFinding, 'cause'>): boolean =>
    cause === 'nondeterministic-source';
  return [...groups.values()]
    .map((group) => {
      const {
        key: _key,
        example: _example,
        fix,
        proof: _proof,
        editsTried: _tried,
        ...shown
      } = group[0];
      const tried = triedFor(group);
      const setup = isSetup && !isChance(shown) ? asSetup(shown, language) : undefined;
      return {
        ...shown,
        roots: group.map(({ roots }) => roots).reduce(joinRoots),
        ...(setup ?? (fix === undefined ? {} : { fix })),
        ...(setup === undefined ? tried : {}),
        executions: group.flatMap(({ executions }) => executions).sort((a, b) => at(a) - at(b)),
        divergingTasks: new Map(group.flatMap(({ divergingTasks }) => [...divergingTasks])),
        passed: newest(group.flatMap(({ passed }) => passed)),
      };
    })
    .sort((a, b) => b.executions.length - a.executions.length);
}

/** When everything that breaks also breaks on the baseline, the replay's set-up probably differs from the worker's. */
function asSetup(
  { workflowType, divergence }: Pick<UnweighedFinding, 'workflowType' | 'divergence'>,
  language: string | undefined,
): Pick<UnweighedFinding, 'cause' | 'remedy' | 'roots'> {
  const cause = 'setup-differs';
  return {
    cause,
    // One set-up is behind all of them.
    roots: { own: [cause], maybe: [] },
    remedy: remedy({
      workflowType,
      cause,
      divergence,
      language,
    }),
  };
}
