import type { DeploymentInUse } from '../../model/versions-in-use.js';
import { UserError } from '../../model/user-error.js';
import { readable } from '../../untrusted/readable.js';
import type { Server } from '../connection.js';
import {
  DeploymentsUnavailable,
  describeDeployment,
  listDeploymentNames,
  readTaskQueues,
} from '../worker-deployments.js';
import { unlessDenied } from './unless-denied.js';

/**
 * The most versions whose task queues are asked for, one request each, which the server answers by a query to a
 * workflow of its own.
 */
const MAX_DESCRIBED = 200;

/**
 * The Worker Deployments of the namespace, or the named one.
 *
 * @throws UserError where the named one is not there
 */
export async function readDeployments(
  server: Server,
  deploymentName: string | undefined,
  note: (text: string) => void,
): Promise<DeploymentInUse[]> {
  const names = deploymentName === undefined ? await namesOf(server, note) : [deploymentName];
  const deployments: DeploymentInUse[] = [];
  const room = { left: MAX_DESCRIBED };
  for (const name of names) {
    const deployment = await readDeployment(server, name, room, note);
    if (deployment !== undefined) deployments.push(deployment);
  }
  if (deploymentName !== undefined && deployments.length === 0) {
    throw new UserError({
      found: `The namespace has no Worker Deployment ${readable(deploymentName)}`,
      expected: 'a Worker Deployment of this name',
      fix: 'check deployment-name, namespace and address',
    });
  }
  if (room.left < 0) {
    note(
      `There are more than ${MAX_DESCRIBED} versions of Worker Deployments. The task queues of the others were not asked for: their workers are seen only on task queues with running executions.`,
    );
  }
  return deployments;
}

async function namesOf(server: Server, note: (text: string) => void): Promise<string[]> {
  const names = await unlessDenied(note, async () => {
    try {
      return await listDeploymentNames(server);
    } catch (error) {
      if (error instanceof DeploymentsUnavailable) return [];
      throw error;
    }
  });
  return names ?? [];
}

async function readDeployment(
  server: Server,
  name: string,
  room: { left: number },
  note: (text: string) => void,
): Promise<DeploymentInUse | undefined> {
  let problem: string | undefined;
  const denied = (text: string): void => {
    problem = 'there is no permission to describe the Worker Deployment';
    note(text);
  };
  const deployment = await unlessDenied(denied, () => describeDeployment(server, name));
  if (problem !== undefined) return { name, versions: [], problem };
  // It was removed since it was listed.
  if (deployment === undefined) return undefined;
  const versions: DeploymentInUse['versions'][number][] = [];
  for (const version of deployment.versions) {
    room.left -= 1;
    const taskQueues =
      room.left < 0
        ? []
        : await unlessDenied(note, () =>
            readTaskQueues(server, { ...deployment, versions: [version] }),
          );
    versions.push({ ...version, taskQueues: taskQueues ?? [] });
  }
  const { current, ramping } = deployment;
  return {
    name,
    ...(current === undefined ? {} : { current }),
    ...(ramping === undefined ? {} : { ramping: ramping.buildId }),
    versions,
  };
}
