import type { Execution } from '../model/execution.js';
import { isBreak } from '../model/outcome.js';
import type { ResultMessage } from './protocol.js';
import type { ReplayerProcess } from './replayer-process.js';
import type { ReplayRequest } from './replay-line.js';

type Ids = Pick<Execution, 'workflowId' | 'runId'>;

/** Two pairs of IDs to replay with where the real ones are not known. No real ID looks like them. */
const STAND_INS: readonly [Ids, Ids] = [
  { workflowId: 'workflow-id-not-known-a', runId: '00000000-0000-4000-8000-00000000000a' },
  { workflowId: 'workflow-id-not-known-b', runId: '00000000-0000-4000-8000-00000000000b' },
];

export const IDS_DECIDE =
  'its history file does not tell its Workflow ID or Run ID, and the code depends on them, for example for the ID ' +
  'of a child workflow: write "workflowId" and "runId" beside "events" in the file';

/** The IDs under which a history is replayed. */
export function idsFor(execution: Execution, [standIn] = STAND_INS): Ids {
  const { workflowId, runId, unknownIds = [] } = execution;
  return {
    workflowId: unknownIds.includes('workflowId') ? standIn.workflowId : workflowId,
    runId: unknownIds.includes('runId') ? standIn.runId : runId,
  };
}

/**
 * Whether a history whose IDs are not known breaks in another way under other IDs. Such a break says nothing about
 * the code. A break that is the same under both pairs does not come from the IDs.
 */
export async function dependsOnIds(
  execution: Execution,
  request: ReplayRequest,
  result: ResultMessage,
  replayer: ReplayerProcess,
  limitMs: number,
): Promise<boolean> {
  if (execution.unknownIds === undefined || !isBreak({ kind: result.outcome })) return false;
  const [one, other] = STAND_INS;
  const under = async (ids: Ids): Promise<string | undefined> => {
    if (!replayer.isUsable) return undefined;
    const again = { ...request, ...idsFor(execution, [ids, ids]) };
    const answer = await replayer.replay(again, limitMs);
    return answer.kind === 'result' ? breakOf(answer.result) : undefined;
  };
  const first = breakOf(result);
  if (Object.values(one).some((id) => first.includes(id))) return true;
  const second = await under(other);
  if (second === first) return false;
  // Code that never does the same twice breaks differently each time, even under the same IDs.
  return second === undefined || (await under(one)) === first;
}

function breakOf({ outcome, message = '' }: ResultMessage): string {
  return `${outcome} ${message}`;
}
