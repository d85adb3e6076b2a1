import type { HistoryCommand } from '../engine/recorded-history.js';
import type { RecordedCommand } from '../replay/protocol.js';

const LOCAL_ACTIVITY = 'ScheduleLocalActivity';

export function isLocalActivity({ command }: { readonly command: string }): boolean {
  return command === LOCAL_ACTIVITY;
}

/**
 * Local activities that the code has called and whose markers did not come yet. A marker is written when its activity
 * ends, so its place among other commands does not tell where it was called, only that it was called before.
 */
export class OpenCalls {
  private readonly calls: RecordedCommand[] = [];
  private most = 0;

  /** Whether some of them ran side by side. */
  get ranSideBySide(): boolean {
    return this.most > 1;
  }

  add(call: RecordedCommand): void {
    this.calls.push(call);
    this.most = Math.max(this.most, this.calls.length);
  }

  /**
   * The call that wrote this marker.
   *
   * @param passed the SDK took them for one, so a call of the same ID counts whatever its type
   */
  take(marker: HistoryCommand, passed: boolean): RecordedCommand | undefined {
    const ofType = this.calls.filter(({ name }) => marker.name === '' || name === marker.name);
    const ofId = (calls: readonly RecordedCommand[]): RecordedCommand | undefined =>
      marker.id === undefined ? undefined : calls.find(({ id }) => id === marker.id);
    const call = ofId(ofType) ?? (passed ? ofId(this.calls) : undefined) ?? ofType[0];
    if (call !== undefined && marker.writes !== 'when-tried') {
      this.calls.splice(this.calls.indexOf(call), 1);
    }
    return call;
  }

  /** The first call of this workflow task. */
  firstIn(taskStartedEventId: number): RecordedCommand | undefined {
    return this.calls.find(({ historyLength }) => historyLength === taskStartedEventId);
  }

  /** The first call of this workflow task for which no marker is to come. */
  firstWithoutMarker(
    taskStartedEventId: number,
    toCome: readonly HistoryCommand[],
  ): RecordedCommand | undefined {
    const markers = new Map<string, number>();
    for (const { name } of toCome.filter(isLocalActivity)) {
      // If one marker does not name its activity, nothing tells which activity has none.
      if (name === '') return undefined;
      markers.set(name, (markers.get(name) ?? 0) + 1);
    }
    return this.calls.find(({ name, historyLength }) => {
      const left = markers.get(name) ?? 0;
      markers.set(name, left - 1);
      return left <= 0 && historyLength === taskStartedEventId;
    });
  }
}
