import type { RunningGroup, VersionName } from '../../model/versions-in-use.js';
import type { Server } from '../connection.js';
import { keywords, listedPages, timeOf, type ListedInfo } from '../listed-pages.js';

/** Running executions by queue, version and behavior. Their number is bounded, and none of them is kept. */
export async function readRunningGroups(
  server: Server,
  query: string,
  limit: number,
): Promise<{ readonly groups: readonly RunningGroup[]; readonly isCut: boolean }> {
  const groups = new Map<string, RunningGroup>();
  let seen = 0;
  for await (const page of listedPages(server, query)) {
    for (const info of page) {
      if (seen >= limit) return { groups: [...groups.values()], isCut: true };
      seen += 1;
      const group = groupOf(info);
      const key = JSON.stringify([group.taskQueue, group.last ?? null, group.behavior]);
      const known = groups.get(key);
      groups.set(key, known === undefined ? group : joined(known, group));
    }
  }
  return { groups: [...groups.values()], isCut: false };
}

function groupOf(info: ListedInfo): RunningGroup {
  const last = versionOf(info);
  const oldest = timeOf(info.startTime);
  return {
    taskQueue: info.taskQueue ?? '',
    ...(last === undefined ? {} : { last }),
    behavior: behaviorOf(info),
    count: 1,
    ...(oldest === undefined ? {} : { oldest }),
  };
}

function behaviorOf(info: ListedInfo): RunningGroup['behavior'] {
  const [behavior] = keywords(info, 'TemporalWorkflowVersioningBehavior');
  if (behavior === 'Pinned') return 'pinned';
  return behavior === 'AutoUpgrade' ? 'auto-upgrade' : 'none';
}

/** The version that worked on an execution last; undefined while it waits for its first workflow task. */
function versionOf(info: ListedInfo): VersionName | undefined {
  const [deploymentName] = keywords(info, 'TemporalWorkerDeployment');
  const [version] = keywords(info, 'TemporalWorkerDeploymentVersion');
  // Server 1.27 writes a dot between the two, later servers a colon.
  if (deploymentName !== undefined && version?.startsWith(deploymentName)) {
    const buildId = version.slice(deploymentName.length + 1);
    return { kind: 'worker-deployment', deploymentName, buildId };
  }
  const last = keywords(info, 'BuildIds').at(-1);
  if (last === undefined) return undefined;
  const [, form, buildId = ''] = /^(versioned|unversioned):(.+)$/su.exec(last) ?? [];
  if (form === 'versioned') return { kind: 'version-set', buildId };
  return { kind: 'build-id', ...(form === undefined ? {} : { buildId }) };
}

function joined(known: RunningGroup, { oldest }: RunningGroup): RunningGroup {
  const isOlder =
    oldest !== undefined &&
    (known.oldest === undefined || Date.parse(oldest) < Date.parse(known.oldest));
  return { ...known, count: known.count + 1, ...(isOlder ? { oldest } : {}) };
}
