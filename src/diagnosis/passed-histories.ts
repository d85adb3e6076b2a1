import type { HistoryReader } from '../engine/history-reader.js';
import type { HistoryCommand } from '../engine/recorded-history.js';
import type { JudgedRead } from '../replay/replay-histories.js';

/** So many executions that start later and pass show that a path is no longer taken. */
export const LATER_PASSES = 20;

/** How many shapes of one workflow type are kept. Where there are more, fewer executions can be counted. */
const SHAPES_PER_TYPE = 50;

/** The most bytes of histories that are kept. */
const KEPT_BYTES = 16 * 1024 * 1024;

interface PassedShape {
  readonly history: Uint8Array;
  /** Start times (RFC 3339) of the executions of this shape, the newest first. */
  started: readonly string[];
}

/** Histories that pass, one of each shape, with the times when executions of the shape started. */
export class PassedHistories {
  /** By workflow type, then by shape. */
  private readonly types = new Map<string, Map<string, PassedShape>>();
  private keptBytes = 0;
  private readonly reader: HistoryReader;

  constructor(reader: HistoryReader) {
    this.reader = reader;
  }

  add({ read, outcome }: JudgedRead): void {
    if (outcome.kind !== 'passed' || read.kind !== 'read') return;
    const { workflowType, startTime } = read.execution;
    if (startTime === undefined) return;
    const shapes = this.types.get(workflowType) ?? new Map<string, PassedShape>();
    this.types.set(workflowType, shapes);
    const { shape, bytes } = read.history;
    const known = shapes.get(shape);
    if (known !== undefined) {
      known.started = newest([...known.started, startTime]);
      return;
    }
    if (shapes.size >= SHAPES_PER_TYPE || this.keptBytes + bytes.length > KEPT_BYTES) return;
    this.keptBytes += bytes.length;
    shapes.set(shape, { history: bytes, started: [startTime] });
  }

  /**
   * When executions started that came past a point and pass: they issued these commands, and then others.
   *
   * @param agreed the commands up to that point, by `stepOf`; undefined where the point is not known
   */
  cameThrough(workflowType: string, agreed: readonly string[] | undefined): readonly string[] {
    if (agreed === undefined) return [];
    const shapes = [...(this.types.get(workflowType)?.values() ?? [])];
    return newest(
      shapes.flatMap(({ history, started }) => {
        const steps = this.reader
          .readHistory(history)
          .tasks.flatMap(({ commands }) => commands.map(stepOf));
        const isPast =
          steps.length > agreed.length && agreed.every((step, at) => steps[at] === step);
        return isPast ? started : [];
      }),
    );
  }
}

/** A command without what differs from execution to execution. */
export function stepOf({ command, name }: Pick<HistoryCommand, 'command' | 'name'>): string {
  return `${command} ${name}`;
}

/** The newest of these times (RFC 3339), as many as are ever counted. */
export function newest(times: readonly string[]): readonly string[] {
  return [...times].sort((a, b) => Date.parse(b) - Date.parse(a)).slice(0, LATER_PASSES);
}
