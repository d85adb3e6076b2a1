import type { HistoryServer } from '../engine/engine.js';
import { isRetirable, type Retirement } from '../model/retirement.js';
import type { VersionsScope } from '../model/versions-in-use.js';
import { judgeVersions } from './judge-versions.js';

/** Looks at a server, and concludes which workers are still needed. */
export async function findRetirement(
  server: Pick<HistoryServer, 'readVersions' | 'countClosed'>,
  scope: VersionsScope,
): Promise<Retirement> {
  const seen = await server.readVersions(scope);
  // Those that may go come first, where not all are counted.
  const versions = judgeVersions(seen, scope)
    .versions.toSorted((a, b) => Number(isRetirable(b)) - Number(isRetirable(a)))
    .map(({ version }) => version);
  const { counts, note } = await server.countClosed(versions, scope.taskQueues);
  const notes = note === undefined ? seen.notes : [...seen.notes, note];
  return judgeVersions({ ...seen, closed: counts, notes }, scope);
}
