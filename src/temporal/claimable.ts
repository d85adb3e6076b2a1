import { buildIdProblem } from '../claim/parse-claim.js';
import { queryProblem } from '../model/queryable.js';
import { UserError } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { countExecutions } from './count-executions.js';
import { listExecutions } from './list-executions.js';
import { openQuery, runningOfBuildsQuery, runningOfVersionQuery } from './query.js';
import type { Scope } from './resolve-target.js';
import { readVersionSets } from './version-sets.js';
import {
  describeDeployment,
  listDeploymentNames,
  readTaskQueues,
  type WorkerDeployment,
} from './worker-deployments.js';

/** The most versions that a message lists. */
const MAX_LISTED = 10;

/** The most deployments that are described, and the most versions of each whose task queues are asked for. */
const MAX_DEPLOYMENTS = 20;
const MAX_VERSIONS = 10;

/** How many running executions are listed to learn their builds, where the server knows no versions. */
const SAMPLE = 1000;

/** A version that a title can claim. */
interface LiveVersion {
  readonly buildId: string;
  /** Untrusted. */
  readonly status: string;
  /** Asks how many executions run on it; undefined where no query can carry its names. */
  readonly running: () => Promise<number | undefined>;
}

/**
 * A sentence that lists what a title can claim, ready to copy: the live versions, with their status and how many
 * executions run on each. Empty where the server tells of none. It is a help, so it never rejects for an answer of
 * the server.
 */
export async function claimable(server: Server, scope: Scope): Promise<string> {
  const versions = (await liveVersions(server, scope)).filter(
    ({ buildId }) => buildIdProblem(buildId) === undefined,
  );
  if (versions.length === 0) return '';
  const shown: string[] = [];
  for (const { buildId, status, running } of versions.slice(0, MAX_LISTED)) {
    const count = await orElse(undefined, running);
    shown.push(
      `[compatible-${readable(buildId)}] (${readable(status)}${count === undefined ? '' : `, ${count} running`})`,
    );
  }
  const more = versions.length - shown.length;
  return `Live versions, to copy: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}.`;
}

async function liveVersions(server: Server, scope: Scope): Promise<readonly LiveVersion[]> {
  const none: readonly LiveVersion[] = [];
  switch (scope.versioning) {
    case 'auto': {
      const ofDeployments = await orElse(none, () => versionsOfDeployments(server, scope));
      // A user who names a deployment does not mean a version set.
      return scope.deploymentName !== undefined
        ? ofDeployments
        : [...ofDeployments, ...(await orElse(none, () => defaultsOfSets(server, scope)))];
    }
    case 'worker-deployment':
      return orElse(none, () => versionsOfDeployments(server, scope));
    case 'version-set':
      return orElse(none, () => defaultsOfSets(server, scope));
    case 'build-id':
      return orElse(none, () => buildsOfRunning(server, scope));
    case 'none':
      return none;
  }
}

/** Current and ramping versions first, of each deployment, and then those that drain. */
async function versionsOfDeployments(
  server: Server,
  { deploymentName, taskQueues }: Scope,
): Promise<LiveVersion[]> {
  const names = deploymentName === undefined ? await listDeploymentNames(server) : [deploymentName];
  const routed: LiveVersion[] = [];
  const draining: LiveVersion[] = [];
  for (const name of names.slice(0, MAX_DEPLOYMENTS)) {
    const deployment = await describeDeployment(server, name);
    if (deployment === undefined || !(await isOnQueues(server, deployment, taskQueues))) continue;
    for (const { buildId, drainage } of deployment.versions) {
      const status = statusOf(deployment, buildId, drainage);
      if (status === undefined) continue;
      (status === 'draining' ? draining : routed).push({
        buildId,
        status: `${status}, Worker Deployment ${name}`,
        running: () =>
          counted(server, [name, buildId], () => runningOfVersionQuery(name, buildId, taskQueues)),
      });
    }
  }
  return [...routed, ...draining];
}

function statusOf(
  { current, ramping }: WorkerDeployment,
  buildId: string,
  drainage: 'draining' | 'drained' | undefined,
): string | undefined {
  if (buildId === current) return 'current';
  if (buildId === ramping?.buildId) return `ramping ${ramping.percentage} %`;
  return drainage === 'draining' ? drainage : undefined;
}

async function isOnQueues(
  server: Server,
  deployment: WorkerDeployment,
  wanted: readonly string[],
): Promise<boolean> {
  if (wanted.length === 0) return true;
  const live = deployment.versions.filter(
    ({ buildId, drainage }) => statusOf(deployment, buildId, drainage) !== undefined,
  );
  const versions = live.slice(0, MAX_VERSIONS);
  return (await readTaskQueues(server, { ...deployment, versions })).some((queue) =>
    wanted.includes(queue),
  );
}

/** The default build of each version set, the newest set first. */
async function defaultsOfSets(server: Server, { taskQueues }: Scope): Promise<LiveVersion[]> {
  const versions: LiveVersion[] = [];
  for (const taskQueue of taskQueues) {
    const sets = await readVersionSets(server, taskQueue);
    for (const [index, members] of [...sets].reverse().entries()) {
      const buildId = members.at(-1);
      if (buildId === undefined) continue;
      versions.push({
        buildId,
        status: `${index === 0 ? 'default' : 'older'} version set of ${taskQueue}`,
        running: () => counted(server, members, () => runningOfBuildsQuery(members, taskQueue)),
      });
    }
  }
  return versions;
}

/** The newest build of each running execution, those of the most executions first. */
async function buildsOfRunning(server: Server, { taskQueues }: Scope): Promise<LiveVersion[]> {
  const { executions } = await listExecutions(server, openQuery({ taskQueues }), SAMPLE);
  const counts = new Map<string, number>();
  for (const { buildIds } of executions) {
    const buildId = buildIds.at(-1);
    if (buildId !== undefined) counts.set(buildId, (counts.get(buildId) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([buildId, count]) => ({
      buildId,
      status: 'named by executions',
      running: () => Promise.resolve(count),
    }));
}

async function counted(
  server: Server,
  names: readonly string[],
  query: () => string,
): Promise<number | undefined> {
  const isUnqueryable = names.some((name) => queryProblem(name) !== undefined);
  return isUnqueryable ? undefined : countExecutions(server, query());
}

/** A help must not end the run. A cancelled job does. */
async function orElse<Value, Other>(
  otherwise: Other,
  ask: () => Promise<Value>,
): Promise<Value | Other> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UserError) return otherwise;
    throw error;
  }
}
