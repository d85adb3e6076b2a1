import type { Effort, Estimate } from '../model/estimate.js';
import type { Report } from '../model/report.js';
import type { ExecutionGroup } from '../model/execution.js';
import type { Isolation } from '../model/isolation.js';
import type { Cause } from '../model/cause.js';
import type { BaselineRelation, Divergence, EventDescription } from '../model/finding.js';
import type { Target, WorkerDeploymentTarget } from '../model/target.js';
import { countOutcomes } from '../model/outcome.js';

/** Of a merge group: whose claim a report is about. */
export function pullRequestWords({ pullRequests }: Report): string | undefined {
  return pullRequests?.map((number) => `#${number}`).join(', ');
}

/** The rung by its name, and what else makes it weaker or stronger. */
export function isolationWords({ rung, sealed, root }: Isolation): string {
  return [
    rung,
    `the process that started it is ${sealed ? '' : 'not '}sealed`,
    ...(root ? ["it runs as root, to whom the machine's files and sockets are open"] : []),
  ].join(', ');
}

/** What the executions that were drawn by chance say of those that were not looked at. */
export function estimateWords({
  running,
  sampled,
  affected,
  atMost,
  confidence,
  seed,
}: Estimate): string {
  const found = affected === 0 ? 'none' : String(affected);
  return (
    `at most ${percent(atMost)} of ${running} running executions can be affected, with ${percent(confidence)} confidence: ` +
    `of ${sampled} that were drawn by chance, ${found} ${affected > 1 ? 'are' : 'is'} (seed ${seed})`
  );
}

/** Rounded up: what is at most must not be told as less. */
function percent(share: number): string {
  const digits = 10 ** Math.max(1, 1 - Math.floor(Math.log10(share * 100 || 1)));
  return `${Math.ceil(Number((share * 100 * digits).toPrecision(12))) / digits} %`;
}

export function effortWords({ requests, histories, store }: Effort): string {
  const reused = store === undefined ? '' : `, ${store.reused} taken from history-cache`;
  return (
    `${requests} ${requests === 1 ? 'request' : 'requests'}; ` +
    `${histories} ${histories === 1 ? 'history was' : 'histories were'} read${reused}`
  );
}

/** One line that says where the executions were looked for. Names in it are untrusted. */
export function targetWords(target: Target): string {
  switch (target.kind) {
    case 'version-set':
      return (
        `version set of ${target.buildId} in namespace ${target.namespace}: ` +
        target.sets.map((set) => `${set.taskQueue} [${set.buildIds.join(', ')}]`).join('; ')
      );
    case 'worker-deployment':
      return (
        `version ${target.buildId} of Worker Deployment ${target.deploymentName} in namespace ${target.namespace}: ` +
        deploymentWords(target)
      );
    case 'build-id':
      return `executions of build ${target.buildId} in namespace ${target.namespace}`;
    case 'query':
      return `executions that the query selects in namespace ${target.namespace}`;
    case 'history-files':
      return `${target.files} exported ${target.files === 1 ? 'history' : 'histories'}`;
  }
}

function deploymentWords({
  current,
  ramping,
  versions,
  taskQueues,
}: WorkerDeploymentTarget): string {
  const draining = versions.filter(({ drainage }) => drainage === 'draining');
  return [
    `current ${current ?? 'none'}`,
    ...(ramping === undefined ? [] : [`ramping ${ramping.buildId} (${ramping.percentage} %)`]),
    ...(draining.length === 0
      ? []
      : [`draining ${limited(draining.map(({ buildId }) => buildId))}`]),
    `task queues ${taskQueues.length === 0 ? 'none' : limited(taskQueues)}`,
  ].join(', ');
}

/** A deployment can have a hundred versions. */
const MAX_NAMES = 10;

function limited(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (more > 0 ? `, and ${more} more` : '');
}

/** What `versioning: auto` took, and why; undefined where nothing was left to it. */
export function autoWords(target: Target): string | undefined {
  const auto = 'auto' in target ? target.auto : undefined;
  switch (auto) {
    case undefined:
      return undefined;
    case 'deployment-named':
      return 'auto took the Worker Deployment, because deployment-name names it';
    case 'deployment-found':
      return 'auto took the Worker Deployment, because one holds the build ID and no version set does';
    case 'version-set-found':
      return 'auto took the version set, because one holds the build ID and no Worker Deployment does';
    case 'both-found':
      return (
        'auto took the Worker Deployment, because it replaces version sets; a version set holds the ' +
        'build ID too, and its running executions are those without a behavior'
      );
  }
}

/** "command added" for `command-added`. */
export function causeWords(cause: Cause): string {
  return cause === 'unknown' ? 'not told by what was recorded' : cause.replaceAll('-', ' ');
}

/** Whose doing a break is, as far as the base line tells. */
export function baselineWords(relation: BaselineRelation): string {
  switch (relation) {
    case 'introduced':
      return 'The base line passes: this change breaks it.';
    case 'pre-existing':
      return 'The base line breaks in the same way: not by this change.';
    case 'fails-otherwise':
      return 'The base line breaks too, in another way.';
    case 'not-compared':
      return 'It could not be compared with the base line.';
  }
}

/** What history holds where the code parts from it, or where both still agree. */
export function historyWords(divergence: Divergence): string {
  switch (divergence.kind) {
    case 'differs':
    case 'missing-command':
      return eventWords(divergence.event);
    case 'extra-command':
      return `no further command in the workflow task that event ${divergence.taskStartedEventId} started`;
    case 'unlocated':
      return divergence.event === undefined ? 'not located' : eventWords(divergence.event);
    case 'threw':
      return 'a workflow task that was completed';
  }
}

/** What the code under test does there. */
export function codeWords(divergence: Divergence): string {
  switch (divergence.kind) {
    case 'differs':
    case 'extra-command':
      return divergence.command;
    case 'missing-command':
      return 'does not issue it';
    case 'threw':
      return 'fails the workflow task';
    case 'unlocated':
      return 'does not match';
  }
}

function eventWords({ words, eventId, type }: EventDescription): string {
  return `${words} (event ${eventId}, ${type})`;
}

/** What a group of executions is, in a few words. */
export function groupWords(group: ExecutionGroup): string {
  switch (group) {
    case 'auto-upgrade':
      return 'auto-upgrade, running: they move to new code at their next workflow task';
    case 'no-behavior':
      return "without a behavior, running on the deployment's task queues: they move too";
    case 'pinned':
      return 'pinned to the named version, running: they do not move by themselves';
    case 'closed':
      return 'closed executions of live versions, as predictors';
  }
}

/** What stands first in every report: red or green, and the verdict. */
export function verdictTitle(report: Report): string {
  const { verdict } = report;
  const mark = verdict.passes ? (verdict.kind === 'compatible' ? '✅' : '⚪') : '❌';
  const words = {
    compatible: 'Compatible',
    incompatible: 'Incompatible',
    inconclusive: 'Inconclusive',
    'not-claimed': 'No claim',
  }[verdict.kind];
  return `${mark} ${words}`;
}

/** "12 passed, 3 nondeterministic": the outcomes that occur, in their order. */
export function outcomeWords(report: Report): string {
  const counts = Object.entries(countOutcomes(report.outcomes)).filter(([, count]) => count > 0);
  return counts.length === 0
    ? 'nothing replayed'
    : counts.map(([kind, count]) => `${count} ${kind}`).join(', ');
}
