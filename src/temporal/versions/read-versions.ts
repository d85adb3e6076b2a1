import type {
  DeploymentInUse,
  QueueInUse,
  VersionsInUse,
  VersionsScope,
} from '../../model/versions-in-use.js';
import { queryProblem } from '../../model/queryable.js';
import type { Server } from '../connection.js';
import { MAX_LISTED } from '../list-executions.js';
import { openQuery } from '../query.js';
import { readDeployments } from './read-deployments.js';
import { readQueue, type QueueReading } from './read-queue.js';
import { readRunningGroups } from './running-groups.js';

/** The most task queues that are described, one or two requests each. */
const MAX_QUEUES = 200;

/** The versions of a namespace or a part of it, their running executions and their workers. */
export async function readVersions(
  server: Server,
  { deploymentName, taskQueues }: VersionsScope,
): Promise<VersionsInUse> {
  const notes = new Set<string>();
  const note = (text: string): void => void notes.add(text);
  const deployments = await readDeployments(server, deploymentName, note);
  const own = deployments.flatMap(({ versions }) => versions.flatMap((one) => one.taskQueues));
  const { groups, isCut } = await readRunningGroups(
    server,
    openQuery(
      deploymentName === undefined || taskQueues.length > 0
        ? { taskQueues }
        : { deploymentName, taskQueues: [...new Set(own)].filter(isQueryable) },
    ),
    MAX_LISTED,
  );
  if (isCut)
    note(
      `More than ${MAX_LISTED} executions are running, and no more were listed. Set task-queue to look at one part after the other.`,
    );
  const names = [
    ...new Set(
      taskQueues.length > 0 ? taskQueues : [...own, ...groups.map(({ taskQueue }) => taskQueue)],
    ),
  ];
  if (names.length > MAX_QUEUES) {
    note(
      `There are ${names.length} task queues, and ${MAX_QUEUES} were looked at. Set task-queue to look at the others.`,
    );
  }
  const reading: QueueReading = { hasSets: true, note };
  const queues: QueueInUse[] = [];
  for (const name of names.slice(0, MAX_QUEUES))
    queues.push(await readQueue(server, name, reading));
  return {
    asOf: new Date().toISOString(),
    address: server.settings.address,
    namespace: server.settings.namespace,
    deployments:
      taskQueues.length === 0 ? deployments : deployments.filter((one) => isOn(one, names, queues)),
    queues,
    running: groups,
    isCut: isCut || names.length > MAX_QUEUES,
    closed: new Map(),
    notes: [...notes],
  };
}

/** Whether a deployment has to do with these task queues. */
function isOn(
  { name, versions }: DeploymentInUse,
  names: readonly string[],
  queues: readonly QueueInUse[],
): boolean {
  return (
    versions.some(({ taskQueues }) => taskQueues.some((queue) => names.includes(queue))) ||
    queues.some(
      ({ current, pollers = [] }) =>
        current?.deploymentName === name ||
        pollers.some(
          ({ version }) => version.kind === 'worker-deployment' && version.deploymentName === name,
        ),
    )
  );
}

function isQueryable(name: string): boolean {
  return queryProblem(name) === undefined;
}
