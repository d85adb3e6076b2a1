import proto from '@temporalio/proto';
import type { VersionSet, VersionSetTarget } from '../model/target.js';
import { queryProblem } from '../model/queryable.js';
import { UserError } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { versionSetQuery } from './query.js';
import { refuseRealCurrent } from './refuse-real-current.js';
import { GRPC, grpcCode } from './server-problem.js';

/** More sets than a server keeps for one task queue (`limit.versionCompatibleSetLimitPerQueue`, 10). */
const MAX_SETS = 100;

/** The most sets, and the most task queues, that an error message lists. */
const MAX_SHOWN = 20;

/** The result of looking up the claimed build ID. */
export type VersionSetLookup =
  | { readonly kind: 'found'; readonly target: VersionSetTarget }
  /** No set of any queue holds the build ID. `explanation` says what the server holds and what helps. */
  | {
      readonly kind: 'unknown-build';
      readonly explanation: string;
      /** Whether the task queues have any version set at all. */
      readonly anySet: boolean;
    };

/**
 * Finds the version set that holds the claimed build ID on each task queue.
 *
 * @param taskQueues if empty, the task queues that the server reports for the build ID
 */
export async function findVersionSet(
  server: Server,
  buildId: string,
  taskQueues: readonly string[],
  userQuery: string | undefined,
): Promise<VersionSetLookup> {
  const queues = taskQueues.length > 0 ? taskQueues : await taskQueuesOf(server, buildId);
  const held: VersionSet[] = [];
  const sets: VersionSet[] = [];
  for (const taskQueue of queues) {
    for (const buildIds of await readVersionSets(server, taskQueue)) {
      const set = { taskQueue, buildIds };
      held.push(set);
      if (buildIds.includes(buildId)) sets.push(set);
    }
  }
  if (sets.length === 0) {
    return {
      kind: 'unknown-build',
      explanation: explainUnknown(
        buildId,
        queues,
        held,
        // If this fails, only a hint is missing.
        taskQueues.length > 0 ? await taskQueuesOf(server, buildId).catch(() => []) : [],
      ),
      anySet: held.length > 0,
    };
  }
  const members = [...new Set(sets.flatMap((set) => set.buildIds))];
  for (const member of members) {
    if (queryProblem(member) !== undefined) {
      throw new UserError({
        found: `The version set of ${buildId} holds the build ID "${readable(member)}"`,
        expected: 'build IDs without quotes, backslashes and control characters',
        fix: 'such a build ID cannot be queried for reliably: register its successor as a new default',
      });
    }
  }
  const { address, namespace } = server.settings;
  return {
    kind: 'found',
    target: {
      kind: 'version-set',
      address,
      namespace,
      buildId,
      sets,
      query: versionSetQuery(
        sets
          .map((set) => set.taskQueue)
          .filter((queue, index, all) => all.indexOf(queue) === index),
        members,
        userQuery,
      ),
    },
  };
}

/**
 * The build that new executions on the task queues go to: the default build of the default version set. Undefined
 * when no queue has sets.
 *
 * @throws UserError when the queues' defaults differ
 */
export async function defaultBuildId(
  server: Server,
  taskQueues: readonly string[],
): Promise<string | undefined> {
  const defaults = new Map<string, string>();
  for (const taskQueue of taskQueues) {
    const sets = await readVersionSets(server, taskQueue);
    refuseRealCurrent(
      sets.flat().map((buildId) => ({ buildId })),
      `A version set of ${readable(taskQueue)}`,
    );
    const newest = sets.at(-1)?.at(-1);
    if (newest !== undefined) defaults.set(taskQueue, newest);
  }
  const builds = [...new Set(defaults.values())];
  if (builds.length > 1) {
    const list = [...defaults].map(
      ([queue, buildId]) => `${readable(queue)}: ${readable(buildId)}`,
    );
    throw new UserError({
      found: `The default build IDs of the task queues differ: ${list.join(', ')}`,
      expected: 'one current build',
      fix: 'set task-queue to one of them, or build-id to the build that is meant',
    });
  }
  return builds[0];
}

/** The version sets of a task queue, the default set last. @throws VersionSetsOff where the server has none */
export async function readVersionSets(server: Server, taskQueue: string): Promise<string[][]> {
  try {
    const response = await server.request(
      'reading version sets',
      (service) =>
        service.getWorkerBuildIdCompatibility({
          namespace: server.settings.namespace,
          taskQueue,
          maxSets: MAX_SETS,
        }),
      isSwitchedOff,
    );
    return response.majorVersionSets.map((set) => set.buildIds ?? []);
  } catch (error) {
    throw isSwitchedOff(error) ? switchedOff(error) : error;
  }
}

/** The task queues whose version sets hold the build ID. The server's reachability call tells them. */
async function taskQueuesOf(server: Server, buildId: string): Promise<string[]> {
  try {
    const response = await server.request(
      'finding task queues',
      (service) =>
        service.getWorkerTaskReachability({
          namespace: server.settings.namespace,
          buildIds: [buildId],
        }),
      isSwitchedOff,
    );
    return response.buildIdReachability
      .flatMap((entry) => entry.taskQueueReachability ?? [])
      .flatMap((entry) => (entry.taskQueue ? [entry.taskQueue] : []));
  } catch (error) {
    throw isSwitchedOff(error) ? switchedOff(error) : error;
  }
}

/** The most build IDs in one request for their reachability (`limit.reachabilityQueryBuildIds`). */
const MAX_REACHABILITY_IDS = 5;

/** Those of the build IDs to which tasks can still come on the task queue; undefined where the server does not tell. */
export async function readReachable(
  server: Server,
  taskQueue: string,
  buildIds: readonly string[],
): Promise<ReadonlySet<string> | undefined> {
  const reachable = new Set<string>();
  for (let from = 0; from < buildIds.length; from += MAX_REACHABILITY_IDS) {
    const asked = buildIds.slice(from, from + MAX_REACHABILITY_IDS);
    try {
      const response = await server.request(
        'asking which builds are reachable',
        (service) =>
          service.getWorkerTaskReachability({
            namespace: server.settings.namespace,
            buildIds: asked,
            taskQueues: [taskQueue],
            reachability: TaskReachability.TASK_REACHABILITY_OPEN_WORKFLOWS,
          }),
        isRefused,
      );
      for (const { buildId, taskQueueReachability } of response.buildIdReachability) {
        const ways = (taskQueueReachability ?? []).flatMap((entry) => entry.reachability ?? []);
        if (buildId && ways.length > 0) reachable.add(buildId);
      }
    } catch (error) {
      if (isRefused(error)) return undefined;
      throw error;
    }
  }
  return reachable;
}

const { TaskReachability } = proto.temporal.api.enums.v1;

/** Reachability is only a second witness: without it, the listing of running executions tells. */
function isRefused(error: unknown): boolean {
  const codes: readonly (number | undefined)[] = [
    GRPC.PERMISSION_DENIED,
    GRPC.UNIMPLEMENTED,
    GRPC.INVALID_ARGUMENT,
  ];
  return codes.includes(grpcCode(error));
}

/**
 * Whether `frontend.workerVersioningDataAPIs` is off, which is the default. Real permission errors have the same
 * code, but other words.
 */
function isSwitchedOff(error: unknown): boolean {
  return (
    grpcCode(error) === GRPC.PERMISSION_DENIED &&
    error instanceof Error &&
    /versioning/iu.test(error.message)
  );
}

/** Thrown where version sets are switched off on the server. */
export class VersionSetsOff extends UserError {}

function switchedOff(cause: unknown): VersionSetsOff {
  return new VersionSetsOff(
    {
      found: 'The server has its version set APIs switched off',
      expected: 'a server where frontend.workerVersioningDataAPIs is true',
      fix:
        'switch it on in the dynamic configuration (self-hosted servers only; Temporal Cloud never ' +
        'offered version sets), or set versioning to build-id, which finds executions without a lookup',
    },
    { cause },
  );
}

function explainUnknown(
  buildId: string,
  queues: readonly string[],
  held: readonly VersionSet[],
  elsewhere: readonly string[],
): string {
  if (queues.length === 0) {
    return (
      `The server knows no task queue for build ID ${buildId}: it was never registered in this ` +
      'namespace, or was removed after it could no longer be reached. Check the title, the namespace ' +
      'and the address, or set task-queue to be shown what the queue holds.'
    );
  }
  if (elsewhere.length > 0) {
    return (
      `No version set of ${queues.map(readable).join(', ')} holds build ID ${buildId}, but one does on ` +
      `${elsewhere.slice(0, MAX_SHOWN).map(readable).join(', ')}. Correct task-queue, or remove it.`
    );
  }
  const list = held
    .map((set) => `${readable(set.taskQueue)} [${set.buildIds.map(readable).join(', ')}]`)
    .slice(0, MAX_SHOWN)
    .join(', ');
  return list === ''
    ? `The task queue${queues.length > 1 ? 's' : ''} ${queues.map(readable).join(', ')} ` +
        `${queues.length > 1 ? 'have' : 'has'} no version sets, so build ID ${buildId} is unknown. ` +
        'Check task-queue and namespace, or register the build ID: temporal task-queue ' +
        `update-build-ids add-new-default --task-queue QUEUE --build-id ${buildId}`
    : `No version set holds build ID ${buildId}. The server holds these version sets (defaults last): ${list}. ` +
        'Correct the title, or task-queue.';
}
