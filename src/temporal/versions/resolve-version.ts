import type { ResolvedTarget } from '../../model/resolved-target.js';
import type { VersionId } from '../../model/versions-in-use.js';
import { queryProblem } from '../../model/queryable.js';
import type { Server } from '../connection.js';
import { findWorkerDeployment } from '../find-worker-deployment.js';
import { buildIdQuery } from '../query.js';
import type { Scope } from '../resolve-target.js';
import { findVersionSet } from '../version-sets.js';

/** The executions that a claim for this version is about. No other version of the same build ID is meant. */
export async function resolveVersion(
  server: Server,
  version: VersionId,
  { taskQueues, query }: Pick<Scope, 'taskQueues' | 'query'>,
): Promise<ResolvedTarget> {
  const buildId = version.buildId ?? '';
  if (queryProblem(buildId) !== undefined) {
    return {
      kind: 'unknown-build',
      explanation: `No query can carry the build ID, because it ${queryProblem(buildId) ?? ''}.`,
    };
  }
  switch (version.kind) {
    case 'worker-deployment': {
      const { deploymentName } = version;
      return findWorkerDeployment(server, buildId, { deploymentName, taskQueues: [], query });
    }
    case 'version-set':
      return findVersionSet(server, buildId, [version.taskQueue], query);
    case 'build-id': {
      const { address, namespace } = server.settings;
      const userQuery = query;
      const found = buildIdQuery(buildId, { deploymentName: undefined, taskQueues, userQuery });
      return {
        kind: 'found',
        target: { kind: 'build-id', address, namespace, buildId, query: found },
      };
    }
  }
}
