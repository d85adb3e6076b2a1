import type { Carried } from '../../src/replay/carried.js';
import type {
  RecordedCommand,
  RecordedHandler,
  RecordedPatch,
  RecordedWait,
  ResultMessage,
} from '../../src/replay/protocol.js';
import { carriedBy } from './carried-by.js';
import { firstUserFrame } from './stack.js';

/** What the recorder keeps of a command: its variant and its plain fields. */
type CommandFields = Record<string, string | number | boolean> & { readonly variant: string };

interface Entry {
  kind: 'command' | 'patch' | 'wait' | 'handler' | 'buffered';
  historyLength: number;
  stack?: string;
  command?: CommandFields;
  /** Digests of what the command carries. Payloads are not kept. */
  carries?: Carried | undefined;
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

/** What one recorded replay reported, in order. */
export class Recording {
  private entries: Entry[] = [];

  clear(): void {
    this.entries = [];
  }

  add(entry: unknown): void {
    const { fields, ...kept } = entry as Entry & { fields?: unknown };
    const carries = carriedBy(kept.command?.variant ?? '', fields);
    this.entries.push(carries === undefined ? kept : { ...kept, carries });
  }

  take(): Pick<ResultMessage, 'commands' | 'patches' | 'waits' | 'handlers' | 'unhandledSignals'> {
    const withdrawn = this.withdrawn();
    const accepted = new Set<unknown>();
    const commands: RecordedCommand[] = [];
    const patches: RecordedPatch[] = [];
    const waits = new Map<string, RecordedWait>();
    const handlers = new Map<string, RecordedHandler>();
    const unhandledSignals: string[] = [];
    for (const entry of this.entries) {
      const frame = firstUserFrame(entry.stack);
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
          else waits.delete(id);
          continue;
        case 'handler':
          if (isThere) handlers.set(`${handles} ${id}`, { kind: handles, name: id, ...frame });
          else handlers.delete(`${handles} ${id}`);
          continue;
        case 'buffered':
          if (isThere) unhandledSignals.push(id);
          else unhandledSignals.splice(unhandledSignals.indexOf(id), 1);
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
      waits: [...waits.values()],
      handlers: [...handlers.values()],
      unhandledSignals,
    };
  }

  /** Starts with their cancellations in the same workflow task. */
  private withdrawn(): Set<Entry> {
    const withdrawn = new Set<Entry>();
    const started = new Map<string, Entry>();
    for (const entry of this.entries) {
      const command = entry.command;
      if (command === undefined) continue;
      started.set(
        `${command.variant} ${String(command['seq'] ?? command['childWorkflowSeq'])}`,
        entry,
      );
      const cancels = WITHDRAWALS[command.variant];
      if (cancels === undefined) continue;
      const seq = command['seq'] ?? command['childWorkflowSeq'];
      const start = started.get(`${cancels} ${String(seq)}`);
      if (start !== undefined && start.historyLength === entry.historyLength) {
        withdrawn.add(start).add(entry);
      }
    }
    return withdrawn;
  }
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
