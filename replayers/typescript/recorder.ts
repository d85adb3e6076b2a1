/**
 * A workflow interceptor module that reports every command that the workflow's code issues, with the
 * stack at that moment. It is a part of every bundle. It records only where the bundle's first line
 * switches it on, for the second, recorded replay; what cannot be decoded it always reports. It imports nothing but
 * that, because it must work with every version of the SDK.
 *
 * It uses internal names of the SDK's activator: `pushCommand`, the same from 1.8.0 up to 1.24, and
 * `patchInternal`, the same from 1.11 on. Without the first nothing is recorded, and the outcome has no
 * line. Without the second only the answers of patches are unknown. The collections are as old; without
 * one, only what it holds is unknown.
 */
import { watchDecoding, type Decoding } from './decoding.js';

export const SINK = '__replayGate';

/** Name of the global variable that switches it on. */
export const RECORDS = '__replayGateRecords';

interface Activator extends Decoding {
  info: { historyLength: number };
  rootScope?: object;
  sinkCalls: unknown[];
  /** Called for whatever ends the workflow, a task or an update. */
  errorToFailure?: (error: unknown) => unknown;
  pushCommand?: (command: Record<string, unknown>, complete?: boolean) => void;
  patchInternal?: (patchId: string, deprecated: boolean) => boolean;
  /** What `condition` waits for. */
  blockedConditions?: Map<number, unknown>;
  signalHandlers?: Map<string, unknown>;
  updateHandlers?: Map<string, unknown>;
  /** Signals that no handler has taken yet. */
  bufferedSignals?: { signalName?: string | null }[];
}

export const interceptors = (): object => {
  const activator = (globalThis as { __TEMPORAL_ACTIVATOR__?: Activator }).__TEMPORAL_ACTIVATOR__;
  if (activator === undefined || !Array.isArray(activator.sinkCalls)) return {};

  const records = (globalThis as { [RECORDS]?: boolean })[RECORDS] === true;
  const record = (entry: Record<string, unknown>): void => {
    const stack = records ? new Error().stack : undefined;
    activator.sinkCalls.push({
      ifaceName: SINK,
      fnName: 'record',
      args: [{ ...entry, historyLength: activator.info.historyLength, stack }],
      workflowInfo: activator.info,
    });
  };

  watchDecoding(activator, (undecoded, key) => {
    record({ kind: 'undecoded', undecoded, key });
  });
  // A failure converter can encode what the SDK makes of an error.
  const { errorToFailure } = activator;
  if (typeof errorToFailure === 'function') {
    activator.errorToFailure = function (this: unknown, error) {
      record({ kind: 'error', thrown: plainError(error) });
      return errorToFailure.call(this, error);
    };
  }
  if (!records) return {};
  onCancel(activator.rootScope, () => {
    record({ kind: 'cancel' });
  });
  const { pushCommand, patchInternal } = activator;
  if (typeof pushCommand === 'function') {
    activator.pushCommand = function (this: unknown, command, complete) {
      record({ kind: 'command', command: plain(command), fields: fieldsOf(command) });
      pushCommand.call(this, command, complete);
    };
  }
  if (typeof patchInternal === 'function') {
    activator.patchInternal = function (this: unknown, patchId, deprecated) {
      const answer = patchInternal.call(this, patchId, deprecated);
      record({ kind: 'patch', id: patchId, answer, deprecated });
      return answer;
    };
  }
  recordMap(activator.blockedConditions, (seq, isThere) => {
    record({ kind: 'wait', id: String(seq), isThere });
  });
  recordMap(activator.signalHandlers, (name, isThere) => {
    record({ kind: 'handler', handles: 'signal', id: name, isThere });
  });
  recordMap(activator.updateHandlers, (name, isThere) => {
    record({ kind: 'handler', handles: 'update', id: name, isThere });
  });
  recordBuffer(activator.bufferedSignals, (signal, isThere) => {
    record({ kind: 'buffered', id: signal.signalName ?? '', isThere });
  });
  return {};
};

const CANCEL = '__replayGateCancel';

/**
 * Reports each call that cancels a scope. All executions of a context share the class, so the last one that was set
 * up hears it: one is replayed at a time.
 */
function onCancel(rootScope: object | undefined, report: () => void): void {
  interface Scope {
    cancel?: () => void;
    [CANCEL]?: () => void;
  }
  if (typeof rootScope !== 'object') return;
  const scope = Object.getPrototypeOf(Object.getPrototypeOf(rootScope)) as Scope | null;
  const cancel = scope?.cancel;
  if (scope === null || typeof cancel !== 'function') return;
  const isWatched = scope[CANCEL] !== undefined;
  scope[CANCEL] = report;
  if (isWatched) return;
  scope.cancel = function (this: unknown) {
    scope[CANCEL]?.();
    cancel.call(this);
  };
}

/** Reports what is added to a map and what is removed. */
function recordMap<Key>(
  map: Map<Key, unknown> | undefined,
  report: (key: Key, isThere: boolean) => void,
): void {
  if (!(map instanceof Map)) return;
  const set = map.set.bind(map);
  const remove = map.delete.bind(map);
  map.set = (key, value) => {
    report(key, true);
    return set(key, value);
  };
  map.delete = (key) => {
    report(key, false);
    return remove(key);
  };
}

/** Reports what is added to a buffer and what is removed. */
function recordBuffer<Item>(
  buffer: Item[] | undefined,
  report: (item: Item, isThere: boolean) => void,
): void {
  if (!Array.isArray(buffer)) return;
  const push = buffer.push.bind(buffer);
  const shift = buffer.shift.bind(buffer);
  const splice = buffer.splice.bind(buffer);
  buffer.push = (...items) => {
    for (const item of items) report(item, true);
    return push(...items);
  };
  buffer.shift = () => {
    const item = shift();
    if (item !== undefined) report(item, false);
    return item;
  };
  buffer.splice = (start: number, count = 0) => {
    const items = splice(start, count);
    for (const item of items) report(item, false);
    return items;
  };
}

/** An error with its causes, or the text of what is no error. */
function plainError(error: unknown, depth = 0): unknown {
  const { message, stack, cause } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as Record<string, unknown>;
  if (typeof message !== 'string') return String(error);
  return {
    message,
    stack,
    ...(cause === undefined || depth > 20 ? {} : { cause: plainError(cause, depth + 1) }),
  };
}

/** The few fields that name a command. */
function plain(command: Record<string, unknown>): Record<string, unknown> {
  const variant = variantOf(command);
  if (variant === undefined) return { variant: '' };
  const named: Record<string, unknown> = { variant };
  for (const [name, value] of Object.entries(command[variant] as Record<string, unknown>)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      named[name] = value;
    } else if (name === 'accepted' || name === 'rejected' || name === 'completed') {
      named[name] = value != null;
    }
  }
  return named;
}

/**
 * All of a command, after conversion and before any codec. `Recording` makes digests of it, which is not possible
 * in the workflow's context, and passes nothing else on.
 */
function fieldsOf(command: Record<string, unknown>): unknown {
  const variant = variantOf(command);
  return variant === undefined ? undefined : command[variant];
}

function variantOf(command: Record<string, unknown>): string | undefined {
  return Object.keys(command).find(
    (key) =>
      key !== 'userMetadata' &&
      key !== 'eventGroupMarkers' &&
      typeof command[key] === 'object' &&
      command[key] !== null,
  );
}
