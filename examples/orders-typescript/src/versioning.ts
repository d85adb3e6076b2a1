import type { WorkerOptions } from '@temporalio/worker';

type Environment = NodeJS.ProcessEnv;
type VersioningOptions = Pick<
  WorkerOptions,
  'buildId' | 'useVersioning' | 'workerDeploymentOptions'
>;

/**
 * How the worker is versioned: in a Worker Deployment with DEPLOYMENT_NAME and BUILD_ID, in a version
 * set of its task queue with BUILD_ID alone, and not at all without both.
 */
export function versioningOptions(env: Environment = process.env): VersioningOptions {
  const buildId = env['BUILD_ID'];
  const deploymentName = env['DEPLOYMENT_NAME'];
  if (!buildId) {
    if (deploymentName) throw new Error('DEPLOYMENT_NAME is set, so BUILD_ID should be too');
    return {};
  }
  if (!deploymentName) return { buildId, useVersioning: true };
  return {
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName, buildId },
      defaultVersioningBehavior: defaultVersioningBehavior(env),
    },
  };
}

export function describeVersioning(env: Environment = process.env): string {
  const { BUILD_ID: buildId, DEPLOYMENT_NAME: deploymentName } = env;
  if (!buildId) return 'unversioned';
  return deploymentName ? `version ${deploymentName}:${buildId}` : `build ${buildId}`;
}

/** Workflow code that names no behaviour of its own has this one. */
function defaultVersioningBehavior(env: Environment): 'PINNED' | 'AUTO_UPGRADE' {
  const behavior = env['DEFAULT_VERSIONING_BEHAVIOR'] || 'pinned';
  switch (behavior) {
    case 'pinned':
      return 'PINNED';
    case 'auto-upgrade':
      return 'AUTO_UPGRADE';
    default:
      throw new Error(
        `DEFAULT_VERSIONING_BEHAVIOR is ${behavior}, but should be pinned or auto-upgrade`,
      );
  }
}
