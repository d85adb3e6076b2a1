import type { VersionId } from '../model/versions-in-use.js';

/** A version as Temporal's tools write it. Untrusted. */
export function versionName(version: VersionId): string {
  switch (version.kind) {
    case 'worker-deployment':
      return `${version.deploymentName}:${version.buildId}`;
    case 'version-set':
      return `${version.buildId} on ${version.taskQueue}`;
    case 'build-id':
      return version.buildId ?? 'workers without a build ID';
  }
}

/** How its workers are versioned. */
export function kindWords(version: VersionId): string {
  switch (version.kind) {
    case 'worker-deployment':
      return 'Worker Deployment';
    case 'version-set':
      return 'version set';
    case 'build-id':
      return 'not versioned';
  }
}
