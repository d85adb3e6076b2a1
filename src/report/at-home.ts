import type { Claim } from '../model/claim.js';
import type { Execution } from '../model/execution.js';
import { PROGRAM } from '../model/program.js';
import type { Target } from '../model/target.js';
import { shellWord } from '../untrusted/shell-word.js';
import type { ShowWorkflowIds } from './workflow-ids.js';

/**
 * The two commands that show a finding on one's own machine: one gets a history, the other replays it.
 *
 * @param example one of the executions that the finding hits
 */
export function atHome(
  example: Execution,
  target: Target | undefined,
  claim: Claim | undefined,
  show: ShowWorkflowIds,
): string | undefined {
  if (target === undefined) return undefined;
  const buildId = claim?.kind === 'claimed' ? claim.buildId : 'BUILD_ID';
  const replay = (files: string): string =>
    `${PROGRAM} check --build-id ${shellWord(buildId)} --histories ${shellWord(files)}`;
  if (target.kind === 'history-files') return replay(target.pattern);
  const [workflowId, runId] =
    show === 'true'
      ? [shellWord(example.workflowId), shellWord(example.runId)]
      : ['WORKFLOW_ID', 'RUN_ID'];
  return [
    `temporal workflow show --address ${shellWord(target.address)} --namespace ${shellWord(target.namespace)} ` +
      `--workflow-id ${workflowId} --run-id ${runId} --output json > history.json`,
    replay('history.json'),
  ].join('\n');
}
