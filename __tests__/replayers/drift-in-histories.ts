import { reviewDrift, type DriftRecord } from '../../src/diagnosis/drift.js';
import { temporalReader } from '../../src/temporal/reader.js';

/** Kinds of command that tell what they carry. */
export function kindsThatTell(records: readonly DriftRecord[]): string[] {
  const commands = records.flatMap(({ result }) => result.commands ?? []);
  const telling = commands.filter(({ carries }) => carries !== undefined);
  return [...new Set(telling.map(({ command }) => command))].sort();
}

/** Those of which the histories of every compiled language hold some. */
export const TELLING = [
  'CompleteWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
  'FailWorkflowExecution',
  'RequestCancelExternalWorkflowExecution',
  'ScheduleActivityTask',
  'SignalExternalWorkflowExecution',
  'StartChildWorkflowExecution',
  'StartTimer',
  'UpsertWorkflowSearchAttributes',
];

export function review(records: readonly DriftRecord[]): ReturnType<typeof reviewDrift> {
  return reviewDrift(records, {
    reader: temporalReader,
    locate: ({ file, line }) =>
      file === undefined || line === undefined ? undefined : { file, line },
  });
}

/** What is told, without where; each once. */
export function toldIn(records: readonly DriftRecord[]): string[] {
  const words = review(records).differences.map(({ command, field, history, code }) => {
    const values = history === undefined ? '' : `, ${history} became ${code ?? ''}`;
    return field === undefined ? command : `${command}: ${field}${values}`;
  });
  return [...new Set(words)].sort();
}
