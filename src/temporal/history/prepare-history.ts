import type { History } from '../../model/history.js';
import { isNewerVersion } from '../../model/sdk-version.js';
import { cutAfterLastCompletedTask } from './cut-history.js';
import type { EventOutline } from './outline.js';
import type { IHistoryEvent } from './proto.js';
import { shapeOf } from './shape.js';
import { WholeHistory } from './whole-history.js';

/** The same for events that were not read as bytes. */
export function prepareEvents(events: readonly IHistoryEvent[]): History {
  return prepareHistory(WholeHistory.ofEvents(events));
}

/** The events as they go to a replayer, with what the parent needs to know about them. */
export function prepareHistory(history: WholeHistory): History {
  const kept = cutAfterLastCompletedTask(history.events);
  let completedTasks = 0;
  let sdkName: string | undefined;
  for (const event of kept) {
    const completed = event.workflowTaskCompletedEventAttributes;
    if (completed == null) continue;
    completedTasks += 1;
    sdkName = completed.sdkMetadata?.sdkName || sdkName;
  }
  const lastBuildId = lastBuildIdIn(kept);
  const sdkVersion = newestSdkVersion(kept);
  return {
    bytes: history.bytes(kept.length),
    eventCount: kept.length,
    completedTasks,
    shape: shapeOf(kept),
    ...(lastBuildId === undefined ? {} : { lastBuildId }),
    ...(sdkName === undefined ? {} : { sdkName }),
    ...(sdkVersion === undefined ? {} : { sdkVersion }),
  };
}

/** The newest release of the SDK that completed a workflow task; undefined where history does not say. */
export function newestSdkVersion(events: readonly EventOutline[]): string | undefined {
  let newest: string | undefined;
  for (const { workflowTaskCompletedEventAttributes: completed } of events) {
    // A worker writes its version only when it changes. After a roll-back, the newer version stays in history.
    const version = completed?.sdkMetadata?.sdkVersion;
    if (version && (newest === undefined || isNewerVersion(version, newest))) newest = version;
  }
  return newest;
}

/** The build of the last completed workflow task for which history names a build. */
export function lastBuildIdIn(events: readonly EventOutline[]): string | undefined {
  let last: string | undefined;
  for (const { workflowTaskCompletedEventAttributes: completed } of events) {
    if (completed != null) last = buildIdOf(completed) ?? last;
  }
  return last;
}

/** The build that completed a workflow task. Its place depends on the server's version and the kind of versioning. */
export function buildIdOf(
  completed: NonNullable<EventOutline['workflowTaskCompletedEventAttributes']>,
): string | undefined {
  return (
    completed.deploymentVersion?.buildId ||
    completed.deployment?.buildId ||
    completed.workerVersion?.buildId ||
    undefined
  );
}
