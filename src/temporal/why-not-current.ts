import { readable } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { countExecutions } from './count-executions.js';
import { listed } from './listed.js';
import { autoUpgradeQuery } from './query.js';
import type { WorkerDeployment } from './worker-deployments.js';

interface OnQueues {
  readonly deployment: WorkerDeployment;
  readonly taskQueues: readonly string[];
}

/**
 * Why the current versions of these deployments are not all that the wanted task queues need. A deployment without a
 * current version would be passed over in silence: on its queues, new executions go to unversioned workers.
 *
 * @param having the deployments on these queues that have a current version
 * @param without those that have none
 */
export async function whyNotCurrent(
  server: Server,
  having: readonly OnQueues[],
  without: readonly OnQueues[],
  wanted: readonly string[],
): Promise<string | undefined> {
  const served = having.flatMap(({ taskQueues }) => taskQueues);
  for (const { deployment, taskQueues } of without) {
    const { name } = deployment;
    const ofIt = wanted.filter((queue) => taskQueues.includes(queue));
    const unserved = ofIt.filter((queue) => !served.includes(queue));
    const fix =
      'Set one (temporal worker deployment set-current-version), or name the build ID that is meant.';
    if (unserved.length > 0) {
      return `Worker Deployment ${readable(name)}, which polled on ${listed(unserved)}, has no current version. ${fix}`;
    }
    const moving = await countExecutions(server, autoUpgradeQuery(name, ofIt));
    if (moving > 0) {
      return (
        `Worker Deployment ${readable(name)} has no current version, and ${moving} of its auto-upgrade executions ` +
        `run on ${listed(ofIt)}. ${fix}`
      );
    }
  }
  return undefined;
}
