import type { NoMatch } from '../model/no-match.js';
import type {
  BuildIdTarget,
  QueryTarget,
  Target,
  VersionSetTarget,
  WorkerDeploymentTarget,
} from '../model/target.js';
import { messageOf } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { countByStatus, countExecutions } from './count-executions.js';
import { listExecutions } from './list-executions.js';
import {
  buildIdQuery,
  traceQuery,
  waitingQuery,
  wholeDeploymentQuery,
  withoutFilter,
} from './query.js';
import type { Scope } from './resolve-target.js';
import { defaultBuildId } from './version-sets.js';

/** How many executions are listed, newest first, to learn their types and task queues. */
const SAMPLE = 1000;

/** The most names that a sentence lists. */
const MAX_NAMES = 10;

/**
 * Finds out with a few requests why a target has no execution. If a request fails, the explanation is missing, but
 * the run goes on.
 */
export async function explainNoMatch(
  server: Server,
  target: Target,
  scope: Scope,
): Promise<NoMatch> {
  try {
    switch (target.kind) {
      case 'version-set':
        return await noneOfVersionSet(server, target, scope);
      case 'worker-deployment':
        return await noneOfDeployment(server, target, scope);
      case 'worker-deployments':
        return await noneOfDeployments(server, target.deployments, scope);
      case 'build-id':
        return await noneOfBuildId(server, target, scope);
      case 'query':
        return await noneOfQuery(server, target);
      case 'history-files':
        throw new Error('this target is not on a server');
    }
  } catch (error) {
    return { kind: 'not-known', explanation: messageOf(error) };
  }
}

async function noneOfVersionSet(
  server: Server,
  { sets, query }: VersionSetTarget,
  { query: filter }: Scope,
): Promise<NoMatch> {
  const taskQueues = [...new Set(sets.map(({ taskQueue }) => taskQueue))];
  const buildIds = [...new Set(sets.flatMap((set) => set.buildIds))];
  const filtered = await excludedByFilter(server, [query], filter);
  if (filtered !== undefined) return filtered;

  const elsewhere = await queuesOf(server, traceQuery(buildIds, 'versioned'));
  if (elsewhere.count > 0) {
    return mismatch(
      `${executions(elsewhere.count)} of ${builds(buildIds)} ${are(elsewhere.count)} there, and none on ` +
        `${named(taskQueues)}: the clause on TaskQueue excludes ${them(elsewhere.count)}. ${theyAre(elsewhere.count)} on ${named(elsewhere.names)}. ` +
        'Correct task-queue, or remove it.',
    );
  }
  for (const form of ['unversioned', 'assigned'] as const) {
    const count = await countExecutions(server, traceQuery(buildIds, form, taskQueues));
    if (count > 0) return mismatch(otherForm(count, form, buildIds, taskQueues));
  }
  return (
    (await waitingOn(server, await queuesOfDefault(server, sets), filter)) ??
    noneAtAll(
      server,
      `No execution of ${builds(buildIds)} is or was on ${named(taskQueues)}, as far as retention goes back.`,
    )
  );
}

/** The queues where one of these sets is the default. Executions that wait on a queue will go to its default set. */
async function queuesOfDefault(server: Server, sets: VersionSetTarget['sets']): Promise<string[]> {
  const queues: string[] = [];
  for (const { taskQueue, buildIds } of sets) {
    if ((await defaultBuildId(server, [taskQueue])) === buildIds.at(-1)) queues.push(taskQueue);
  }
  return queues;
}

async function noneOfBuildId(
  server: Server,
  { buildId, query }: BuildIdTarget,
  { query: filter, taskQueues, deploymentName }: Scope,
): Promise<NoMatch> {
  const filtered = await excludedByFilter(server, [query], filter);
  if (filtered !== undefined) return filtered;
  if (taskQueues.length > 0) {
    const anywhere = buildIdQuery(buildId, {
      deploymentName,
      taskQueues: [],
      userQuery: undefined,
    });
    const elsewhere = await queuesOf(server, anywhere);
    if (elsewhere.count > 0) {
      return mismatch(
        `${executions(elsewhere.count)} of build ${readable(buildId)} ${are(elsewhere.count)} there, and none on ` +
          `${named(taskQueues)}: the clause on TaskQueue excludes ${them(elsewhere.count)}. ${theyAre(elsewhere.count)} on ${named(elsewhere.names)}. ` +
          'Correct task-queue, or remove it.',
      );
    }
    const waiting = await waitingOn(server, taskQueues, filter);
    if (waiting !== undefined) return waiting;
  }
  const held = await countByStatus(server);
  if (held === '') return nothingHeld(server);
  const { executions: sample } = await listExecutions(server, '', SAMPLE);
  const known = [...new Set(sample.flatMap(({ buildIds }) => buildIds))];
  return mismatch(
    `No execution names build ${readable(buildId)} in BuildIds. The namespace ${readable(server.settings.namespace)} ` +
      `holds ${held}; the newest name ${known.length === 0 ? 'no build' : named(known)}. ` +
      'Correct the build ID or namespace, or set versioning to another way of finding executions.',
  );
}

async function noneOfQuery(server: Server, { query }: QueryTarget): Promise<NoMatch> {
  const held = await countByStatus(server);
  if (held === '') return nothingHeld(server);
  return mismatch(
    `The namespace ${readable(server.settings.namespace)} holds ${held}, and the query selects none of them: ` +
      `${truncate(readable(query), 300)}. Correct query; names of types, queues and attributes are case-sensitive.`,
  );
}

async function noneOfDeployment(
  server: Server,
  { deploymentName, buildId, groups, taskQueues, versions }: WorkerDeploymentTarget,
  { query: filter, taskQueues: wanted }: Scope,
): Promise<NoMatch> {
  const filtered = await excludedByFilter(
    server,
    groups.map(({ query }) => query),
    filter,
  );
  if (filtered !== undefined) return filtered;
  const everywhere = wholeDeploymentQuery(deploymentName);
  if (wanted.length > 0) {
    const narrowed = await countExecutions(server, wholeDeploymentQuery(deploymentName, wanted));
    const elsewhere = narrowed > 0 ? undefined : await queuesOf(server, everywhere);
    if (elsewhere !== undefined && elsewhere.count > 0) {
      return mismatch(
        `${executions(elsewhere.count)} of Worker Deployment ${readable(deploymentName)} ${are(elsewhere.count)} there, ` +
          `and none on ${named(wanted)}: the clause on TaskQueue excludes ${them(elsewhere.count)}. ` +
          `${theyAre(elsewhere.count)} on ${named(elsewhere.names)}. Correct task-queue, or remove it.`,
      );
    }
  }
  const held = await countByStatus(server, everywhere);
  const drainage = versions.find((version) => version.buildId === buildId)?.drainage;
  const state = drainage === undefined ? '' : ` The version ${readable(buildId)} is ${drainage}.`;
  return held === ''
    ? noneAtAll(
        server,
        `Worker Deployment ${readable(deploymentName)} has no execution, and none waits on ${named(taskQueues)}.`,
      )
    : {
        kind: 'empty',
        explanation:
          `Worker Deployment ${readable(deploymentName)} holds ${held}, but none that this claim is about: ` +
          `they are pinned to other versions than ${readable(buildId)}, or closed under versions that are no longer live.${state}`,
      };
}

/** A mistake in the inputs is told first: the other deployments may have no execution for good reason. */
async function noneOfDeployments(
  server: Server,
  deployments: readonly WorkerDeploymentTarget[],
  scope: Scope,
): Promise<NoMatch> {
  const explanations: string[] = [];
  for (const deployment of deployments) {
    const none = await noneOfDeployment(server, deployment, scope);
    if (none.kind !== 'empty') return none;
    explanations.push(none.explanation);
  }
  return { kind: 'empty', explanation: explanations.join(' ') };
}

/** The user's own filter comes first: it is the most likely mistake. */
async function excludedByFilter(
  server: Server,
  queries: readonly string[],
  filter: string | undefined,
): Promise<NoMatch | undefined> {
  if (filter === undefined) return undefined;
  let count = 0;
  for (const query of queries) count += await countExecutions(server, withoutFilter(query, filter));
  if (count === 0) return undefined;
  return mismatch(
    `Without the input query ${executions(count)} would match, with it none: ${truncate(readable(filter), 300)} ` +
      `excludes ${them(count)}. Correct query, or remove it.`,
  );
}

/** Before its first workflow task, an execution names no build. If it waits on the build's queues, it may be meant. */
async function waitingOn(
  server: Server,
  taskQueues: readonly string[],
  filter: string | undefined,
): Promise<NoMatch | undefined> {
  if (taskQueues.length === 0) return undefined;
  const query = waitingQuery(taskQueues) + (filter === undefined ? '' : ` AND (${filter})`);
  const waiting = await countExecutions(server, query);
  if (waiting === 0) return undefined;
  const { executions: sample } = await listExecutions(server, query, SAMPLE);
  // The sample may miss a type, and the code may not register that type.
  if (sample.length < waiting) {
    return {
      kind: 'not-known',
      explanation:
        `${executions(waiting)} on ${named(taskQueues)} wait for the first workflow task, too many to ` +
        'tell all their workflow types. Start workers, and run the check again.',
    };
  }
  return {
    kind: 'not-started',
    waiting: sample.length,
    workflowTypes: [...new Set(sample.map(({ workflowType }) => workflowType))].sort(),
  };
}

async function noneAtAll(server: Server, explanation: string): Promise<NoMatch> {
  const held = await countByStatus(server);
  if (held === '') return nothingHeld(server);
  const namespace = readable(server.settings.namespace);
  return { kind: 'empty', explanation: `${explanation} The namespace ${namespace} holds ${held}.` };
}

function nothingHeld(server: Server): NoMatch {
  return {
    kind: 'empty',
    explanation:
      `The namespace ${readable(server.settings.namespace)} at ${readable(server.settings.address)} holds no execution at all, ` +
      'open or closed: check namespace and address.',
  };
}

async function queuesOf(
  server: Server,
  query: string,
): Promise<{ readonly count: number; readonly names: readonly string[] }> {
  const count = await countExecutions(server, query);
  if (count === 0) return { count, names: [] };
  const { executions: sample } = await listExecutions(server, query, SAMPLE);
  return { count, names: [...new Set(sample.map(({ taskQueue }) => taskQueue))].sort() };
}

function otherForm(
  count: number,
  form: string,
  buildIds: readonly string[],
  taskQueues: readonly string[],
): string {
  return (
    `${executions(count)} on ${named(taskQueues)} ${count === 1 ? 'names' : 'name'} ${builds(buildIds)} as "${form}:", ` +
    'and none as "versioned:": their workers do not take part in version sets. ' +
    'Set versioning to build-id, which finds every form.'
  );
}

function mismatch(explanation: string): NoMatch {
  return { kind: 'query-mismatch', explanation };
}

function executions(count: number): string {
  return `${count} execution${count === 1 ? '' : 's'}`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function them(count: number): string {
  return count === 1 ? 'it' : 'them';
}

function theyAre(count: number): string {
  return count === 1 ? 'It is' : 'They are';
}

function builds(buildIds: readonly string[]): string {
  return `${buildIds.length === 1 ? 'build' : 'builds'} ${named(buildIds)}`;
}

function named(names: readonly string[]): string {
  if (names.length === 0) return 'no task queue';
  const shown = names.slice(0, MAX_NAMES).map(readable).join(', ');
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}
