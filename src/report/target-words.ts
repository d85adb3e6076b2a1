import type { Target, WorkerDeploymentTarget } from '../model/target.js';

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
    case 'worker-deployments':
      return (
        `current versions of ${target.deployments.length} Worker Deployments in namespace ${target.namespace}: ` +
        target.deployments
          .map((one) => `${one.buildId} of ${one.deploymentName} (${deploymentWords(one)})`)
          .join('; ')
      );
    case 'build-id':
      return `executions of build ${target.buildId} in namespace ${target.namespace}`;
    case 'query':
      return `executions that the query selects in namespace ${target.namespace}`;
    case 'history-files':
      return `${target.files} exported ${target.files === 1 ? 'history' : 'histories'}`;
  }
}

/** What `versioning: auto` took, and why; undefined where another versioning is set. */
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
