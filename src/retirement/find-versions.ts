import {
  versionKey,
  type VersionId,
  type VersionName,
  type VersionsInUse,
} from '../model/versions-in-use.js';

/** Every version that a deployment, a version set, a worker or a running execution names. */
export function findVersions(
  { deployments, queues, running }: VersionsInUse,
  serving: readonly VersionId[],
): ReadonlyMap<string, VersionId> {
  const found = new Map<string, VersionId>();
  const add = (version: VersionId): void => {
    if (!found.has(versionKey(version))) found.set(versionKey(version), version);
  };
  for (const { name: deploymentName, versions } of deployments) {
    for (const { buildId } of versions) add({ kind: 'worker-deployment', deploymentName, buildId });
  }
  for (const { name: taskQueue, sets } of queues) {
    for (const buildIds of sets) {
      for (const buildId of buildIds) add({ kind: 'version-set', taskQueue, buildIds, buildId });
    }
  }
  for (const version of serving) add(version);
  // A build of a set is told by its queue alone. A deployment's version may be gone, and its worker may still poll.
  const named: VersionName[] = [
    ...queues.flatMap(({ pollers = [] }) => pollers.map(({ version }) => version)),
    ...running.flatMap(({ last }) => last ?? []),
  ];
  for (const version of named) if (version.kind !== 'version-set') add(version);
  return found;
}
