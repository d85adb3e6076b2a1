import type { Carried } from '../../src/replay/carried.js';
import type {
  RecordedCommand,
  RecordedHandler,
  RecordedPatch,
  RecordedWait,
  ResultMessage,
  UndecodedPayload,
} from '../../src/replay/protocol.js';
import { carriedBy } from './carried-by.js';
import type { FailedTask } from './failed-task.js';
import { resultKey, type Undecoded } from './decoding.js';
import { placeIn, type Place } from './stack.js';

/** What the recorder keeps of a command: its variant and its plain fields. */
type CommandFields = Record<string, string | number | boolean> & { readonly variant: string };

interface Entry {
  kind: 'command' | 'patch' | 'wait' | 'handler' | 'buffered' | 'cancel' | 'undecoded' | 'error';
  historyLength: number;
  stack?: string;
  command?: CommandFields;
  /** The stack of the error that ends the workflow. */
  thrownIn?: string;
  /** Digests of what the command carries. Payloads are not kept. */
  carries?: Carried | undefined;
  undecoded?: Undecoded;
  /** Of an error: what was thrown. */
  thrown?: unknown;
  /** Of what could not be decoded: what it has in common with the command whose result it is. */
  key?: string;
  id?: string;
  answer?: boolean;
  deprecated?: boolean;
  handles?: 'signal' | 'update';
  /** Of what comes and goes: whether it came. */
  isThere?: boolean;
}

/** SDK Core's command variants in Temporal's words, without those that issue no command. */
const COMMANDS: Readonly<Record<string, string>> = {
  startTimer: 'StartTimer',
  cancelTimer: 'CancelTimer',
  scheduleActivity: 'ScheduleActivityTask',
  requestCancelActivity: 'RequestCancelActivityTask',
  scheduleLocalActivity: 'ScheduleLocalActivity',
  startChildWorkflowExecution: 'StartChildWorkflowExecution',
  cancelChildWorkflowExecution: 'CancelChildWorkflowExecution',
  signalExternalWorkflowExecution: 'SignalExternalWorkflowExecution',
  requestCancelExternalWorkflowExecution: 'RequestCancelExternalWorkflowExecution',
  scheduleNexusOperation: 'ScheduleNexusOperation',
  requestCancelNexusOperation: 'RequestCancelNexusOperation',
  setPatchMarker: 'SetPatchMarker',
  upsertWorkflowSearchAttributes: 'UpsertWorkflowSearchAttributes',
  modifyWorkflowProperties: 'ModifyWorkflowProperties',
  updateResponse: 'UpdateResponse',
  completeWorkflowExecution: 'CompleteWorkflowExecution',
  failWorkflowExecution: 'FailWorkflowExecution',
  cancelWorkflowExecution: 'CancelWorkflowExecution',
  continueAsNewWorkflowExecution: 'ContinueAsNewWorkflowExecution',
};

/** Cancellations by what they cancel. When start and cancellation are in one task, neither is sent. */
const WITHDRAWALS: Readonly<Record<string, string>> = {
  cancelTimer: 'startTimer',
  requestCancelActivity: 'scheduleActivity',
  cancelChildWorkflowExecution: 'startChildWorkflowExecution',
  requestCancelNexusOperation: 'scheduleNexusOperation',
};

/** How many waits that are over are told, and how many payloads that could not be decoded. */
const MAX_WAITS = 1000;

/** A payload that could not be decoded, and the words of the error, which stay in this process. */
export interface UndecodedEntry {
  readonly payload: UndecodedPayload;
  readonly thrown: string;
}

/** What one recorded replay reported, in order. */
export class Recording {
  private entries: Entry[] = [];

  clear(): void {
    this.entries = [];
  }

  add(entry: unknown): void {
    const { fields, ...kept } = entry as Entry & { fields?: unknown };
    const carries = carriedBy(kept.command?.variant ?? '', fields);
    const thrownIn = stackOf(fields);
    this.entries.push({
      ...kept,
      ...(carries === undefined ? {} : { carries }),
      ...(thrownIn === undefined ? {} : { thrownIn }),
    });
  }

  take(): Pick<ResultMessage, 'commands' | 'patches' | 'waits' | 'handlers' | 'unhandledSignals'> {
    const { withdrawn, cancels } = this.pairs();
    const places = this.places(cancels);
    const accepted = new Set<unknown>();
    const commands: RecordedCommand[] = [];
    const patches: RecordedPatch[] = [];
    const waits = new Map<string, RecordedWait>();
    const over: RecordedWait[] = [];
    const handlers = new Map<string, RecordedHandler>();
    const unhandledSignals: string[] = [];
    for (const entry of this.entries) {
      const frame = places.get(entry) ?? {};
      if (entry.kind === 'patch') {
        patches.push({
          id: entry.id ?? '',
          answer: entry.answer === true,
          ...(entry.deprecated === true ? { deprecated: true } : {}),
          ...frame,
        });
        continue;
      }
      const { id = '', isThere = false, handles = 'signal' } = entry;
      switch (entry.kind) {
        case 'wait':
          if (isThere) waits.set(id, { historyLength: entry.historyLength, ...frame });
          else {
            const ended = waits.get(id);
            if (ended !== undefined) over.push({ ...ended, over: true });
            waits.delete(id);
          }
          continue;
        case 'handler':
          if (isThere) handlers.set(`${handles} ${id}`, { kind: handles, name: id, ...frame });
          else handlers.delete(`${handles} ${id}`);
          continue;
        case 'buffered':
          if (isThere) unhandledSignals.push(id);
          else unhandledSignals.splice(unhandledSignals.indexOf(id), 1);
          continue;
        case 'cancel':
        case 'undecoded':
        case 'error':
          continue;
        case 'command':
      }
      const command = entry.command;
      const kind = command === undefined ? undefined : COMMANDS[command.variant];
      if (command === undefined || kind === undefined) continue;
      commands.push({
        command: kind,
        name: command.variant === 'updateResponse' ? answerOf(command, accepted) : nameOf(command),
        ...idOf(command),
        historyLength: entry.historyLength,
        ...frame,
        ...(withdrawn.has(entry) ? { elided: true } : {}),
        ...(entry.carries === undefined ? {} : { carries: entry.carries }),
      });
    }
    this.clear();
    return {
      commands,
      patches,
      waits: [...over.slice(-MAX_WAITS), ...waits.values()],
      handlers: [...handlers.values()],
      unhandledSignals,
    };
  }

  /** The last error that became a failure: where a task fails by the code, that of the task. */
  lastError(): FailedTask | undefined {
    const entry = this.entries.findLast(({ kind }) => kind === 'error');
    return entry === undefined ? undefined : { thrown: entry.thrown };
  }

  /** What could not be decoded, each at the call whose result it is, or at the handler that was to get it. */
  undecoded(): UndecodedEntry[] {
    const places = new Map<string, Place>();
    return this.entries
      .flatMap((entry): UndecodedEntry[] => {
        const { command, kind, handles = 'signal', id = '', historyLength, undecoded } = entry;
        const key = command === undefined ? undefined : resultKey(command.variant, command['seq']);
        if (key !== undefined) places.set(key, placeIn(entry.stack));
        if (kind === 'handler') places.set(`${handles} ${id}`, placeIn(entry.stack));
        if (undecoded === undefined) return [];
        const { thrown, ...payload } = undecoded;
        const place = places.get(entry.key ?? `${payload.of} ${payload.name}`);
        return [{ thrown, payload: { ...payload, historyLength, ...place } }];
      })
      .slice(-MAX_WAITS);
  }

  /** Cancellations with what they cancel, and what is withdrawn because both are in one workflow task. */
  private pairs(): { withdrawn: Set<Entry>; cancels: Map<Entry, Entry> } {
    const withdrawn = new Set<Entry>();
    const cancels = new Map<Entry, Entry>();
    const started = new Map<string, Entry>();
    for (const entry of this.entries) {
      const command = entry.command;
      if (command === undefined) continue;
      const seq = command['seq'] ?? command['childWorkflowSeq'];
      started.set(`${command.variant} ${String(seq)}`, entry);
      const canceled = WITHDRAWALS[command.variant];
      if (canceled === undefined) continue;
      const start = started.get(`${canceled} ${String(seq)}`);
      if (start === undefined) continue;
      cancels.set(entry, start);
      if (start.historyLength === entry.historyLength) withdrawn.add(start).add(entry);
    }
    return { withdrawn, cancels };
  }

  /**
   * The place of each entry. The SDK issues a cancellation when the code that asked for it is no longer on the stack:
   * then it is the line that cancelled in this task, else that of what is cancelled.
   */
  private places(cancels: ReadonlyMap<Entry, Entry>): Map<Entry, Place> {
    const places = new Map<Entry, Place>();
    let canceledAt: { readonly historyLength: number; readonly place: Place } | undefined;
    for (const entry of this.entries) {
      let place = placeIn(entry.stack);
      if (entry.kind === 'cancel') {
        if (place.line !== undefined) canceledAt = { historyLength: entry.historyLength, place };
        continue;
      }
      const start = cancels.get(entry);
      if (place.line === undefined && start !== undefined) {
        place =
          canceledAt?.historyLength === entry.historyLength
            ? canceledAt.place
            : (places.get(start) ?? {});
      }
      places.set(entry, place.line === undefined ? placeIn(entry.thrownIn) : place);
    }
    return places;
  }
}

/** The stack of the error that fails the workflow, where the set-up does not encode it. */
function stackOf(fields: unknown): string | undefined {
  const { failure } = (fields ?? {}) as { failure?: { stackTrace?: unknown } | null };
  return typeof failure?.stackTrace === 'string' ? failure.stackTrace : undefined;
}

/**
 * An update's answer in history's words. The SDK says `rejected` of an update that is refused, which leaves
 * no event, and also of one that fails after it was accepted, which history holds as completed.
 */
function answerOf(command: CommandFields, accepted: Set<unknown>): string {
  const update = command['protocolInstanceId'];
  if (command['accepted'] === true) {
    accepted.add(update);
    return 'accepted';
  }
  if (command['rejected'] === true && !accepted.has(update)) return 'rejected';
  return 'completed';
}

function nameOf(command: CommandFields): string {
  const name =
    command['activityType'] ??
    command['workflowType'] ??
    command['signalName'] ??
    command['patchId'] ??
    command['operation'] ??
    '';
  return String(name);
}

function idOf(command: CommandFields): { id?: string } {
  const id =
    command['activityId'] ??
    command['workflowId'] ??
    command['protocolInstanceId'] ??
    command['seq'];
  return id === undefined ? {} : { id: String(id) };
}
