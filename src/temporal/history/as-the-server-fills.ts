import type { IHistoryEvent } from './proto.js';
import { CarriedFields, type Carried, type CarriedValue } from '../../replay/carried.js';

/** Timeouts of the run, in milliseconds. The server caps the timeouts of its commands by them. 0: none. */
export interface RunLimits {
  readonly workflowRunTimeout: number;
  readonly workflowExecutionTimeout: number;
}

export function runLimits(events: readonly IHistoryEvent[]): RunLimits {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const limits = new CarriedFields()
    .duration('workflowRunTimeout', started?.workflowRunTimeout)
    .duration('workflowExecutionTimeout', started?.workflowExecutionTimeout)
    .done()?.values;
  const of = (name: string): number => Number(limits?.[name] ?? 0);
  return {
    workflowRunTimeout: of('workflowRunTimeout'),
    workflowExecutionTimeout: of('workflowExecutionTimeout'),
  };
}

type Values = Record<string, CarriedValue>;

/**
 * What the code asks for, as the server would write it into history. The server fills in defaults and caps
 * timeouts. Without the same steps here, even a command that nobody changed would differ from its event.
 *
 * Read from the server's `ValidateActivityScheduleAttributes`, `ValidateStartChildExecutionAttributes` and
 * `ValidateContinueAsNewWorkflowExecutionAttributes` (`service/history/api/command_attr_validator.go`,
 * 1.29 and 1.32) and `EnsureDefaults` (`common/retrypolicy`). The server takes some values from its own
 * configuration, and SDK Core takes some from the run. Where the code does not give these, they come from history.
 */
export function asTheServerFills(
  command: string,
  code: Carried,
  history: Carried,
  run: RunLimits,
): Carried {
  const values: Values = { ...code.values };
  switch (command) {
    case 'ScheduleActivityTask':
      fillActivityTimeouts(values, run.workflowRunTimeout);
      fillRetryPolicy(values);
      return { ...code, values };
    case 'StartChildWorkflowExecution':
      capRunTimeout(values, Number(values['workflowExecutionTimeout'] ?? 0));
      inherit(values, history, 'workflowTaskTimeout');
      // The server gives no retry policy to a child that asks for none.
      if ('retryPolicy.initialInterval' in values) fillRetryPolicy(values);
      return { ...code, values };
    case 'ContinueAsNewWorkflowExecution':
      if ('workflowRunTimeout' in values) capRunTimeout(values, run.workflowExecutionTimeout);
      inherit(values, history, 'workflowRunTimeout');
      inherit(values, history, 'workflowTaskTimeout');
      inherit(values, history, 'backoffStartInterval');
      return { values, digests: inheritMaps(code.digests, history.digests) };
    case 'ScheduleNexusOperation':
      for (const name of NEXUS_TIMEOUTS) {
        cap(values, name, run.workflowRunTimeout);
        inherit(values, history, name);
      }
      return { ...code, values };
    default:
      return code;
  }
}

const NEXUS_TIMEOUTS = ['scheduleToCloseTimeout', 'scheduleToStartTimeout', 'startToCloseTimeout'];

function fillActivityTimeouts(values: Values, runTimeout: number): void {
  const toClose = Number(values['scheduleToCloseTimeout'] ?? 0);
  if (toClose > 0) {
    values['scheduleToStartTimeout'] = atMost(values['scheduleToStartTimeout'], toClose);
    values['startToCloseTimeout'] = atMost(values['startToCloseTimeout'], toClose);
  } else if (runTimeout > 0) {
    values['scheduleToCloseTimeout'] = runTimeout;
    values['scheduleToStartTimeout'] ??= runTimeout;
  }
  for (const name of [
    'scheduleToCloseTimeout',
    'scheduleToStartTimeout',
    'startToCloseTimeout',
    'heartbeatTimeout',
  ]) {
    cap(values, name, runTimeout);
  }
  cap(values, 'heartbeatTimeout', Number(values['startToCloseTimeout'] ?? 0));
}

/** A server can be configured with other defaults. A baseline then shows that they are not due to this change. */
const RETRY_DEFAULTS = { initialInterval: 1000, backoffCoefficient: 2, maximumIntervalFactor: 100 };

function fillRetryPolicy(values: Values): void {
  values['retryPolicy.initialInterval'] ??= RETRY_DEFAULTS.initialInterval;
  values['retryPolicy.maximumInterval'] ??=
    RETRY_DEFAULTS.maximumIntervalFactor * Number(values['retryPolicy.initialInterval']);
  values['retryPolicy.backoffCoefficient'] ??= RETRY_DEFAULTS.backoffCoefficient;
}

function capRunTimeout(values: Values, executionTimeout: number): void {
  if (executionTimeout > 0) {
    values['workflowRunTimeout'] = atMost(values['workflowRunTimeout'], executionTimeout);
  }
}

/** The value, or the limit where the value is missing or larger. */
function atMost(value: CarriedValue | undefined, limit: number): number {
  return value === undefined ? limit : Math.min(Number(value), limit);
}

function cap(values: Values, name: string, limit: number): void {
  if (limit > 0 && name in values) values[name] = atMost(values[name], limit);
}

function inherit(values: Values, history: Carried, name: string): void {
  const held = history.values[name];
  if (held !== undefined) values[name] ??= held;
}

/** Where the code names no memo, the new run keeps the memo of this one. The same holds for search attributes. */
function inheritMaps(code: Carried['digests'], history: Carried['digests']): Carried['digests'] {
  const filled = { ...code };
  for (const noun of ['memo ', 'search attribute ']) {
    if (Object.keys(code).some((name) => name.startsWith(noun))) continue;
    for (const [name, digest] of Object.entries(history)) {
      if (name.startsWith(noun)) filled[name] = digest;
    }
  }
  return filled;
}
