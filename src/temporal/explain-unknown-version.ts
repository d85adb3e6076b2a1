import { readable } from '../untrusted/readable.js';
import { listed, MAX_SHOWN } from './listed.js';
import type { WorkerDeployment } from './worker-deployments.js';

/** Says why no deployment is meant, what the server holds, and what helps. */
export function explainUnknownVersion(
  buildId: string | undefined,
  scope: { readonly deploymentName: string | undefined; readonly taskQueues: readonly string[] },
  deployments: readonly WorkerDeployment[],
  holding: readonly WorkerDeployment[],
): string {
  const { deploymentName, taskQueues } = scope;
  const which =
    buildId === undefined
      ? 'has a current version'
      : `has a version with build ID ${readable(buildId)}`;
  if (deployments.length === 0) {
    return deploymentName === undefined
      ? `The namespace has no Worker Deployments, so none ${which}. Check namespace and address.`
      : `The namespace has no Worker Deployment ${readable(deploymentName)}, so none ${which}. ` +
          'Check deployment-name, namespace and address.';
  }
  if (holding.length > 0) {
    return (
      `Worker Deployment ${listed(holding.map(({ name }) => name))} ${which}, but never polled on ` +
      `${listed(taskQueues)}. Correct task-queue, or remove it.`
    );
  }
  const held = deployments
    .slice(0, MAX_SHOWN)
    .map((deployment) => `${readable(deployment.name)}: ${versionsOf(deployment)}`);
  const more = deployments.length - held.length;
  return (
    `No Worker Deployment ${which}. The server holds ${held.join('; ')}` +
    `${more > 0 ? `; and ${more} more deployments` : ''}. ` +
    (buildId === undefined
      ? 'Make a version current (temporal worker deployment set-current-version), or name the build ID that is meant.'
      : 'Correct the build ID; a version that is drained and no longer polled is removed after a time.')
  );
}

function versionsOf({ versions, current, ramping }: WorkerDeployment): string {
  if (versions.length === 0) return 'no versions';
  const words = versions.map(({ buildId }) => {
    if (buildId === current) return `${buildId} (current)`;
    return buildId === ramping?.buildId ? `${buildId} (ramping)` : buildId;
  });
  return listed(words);
}
