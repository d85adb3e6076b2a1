import type { HistoryReader } from '../engine/history-reader.js';
import type { RecordedHistory } from '../engine/recorded-history.js';
import type { Drift, DriftBasis } from '../model/drift.js';
import { isOpen, type Execution } from '../model/execution.js';
import type { SourceLocation } from '../model/source-location.js';
import {
  encodingOfDigest,
  TEXT_ENCODING,
  type Carried,
  type CarriedValue,
} from '../replay/carried.js';
import type { RecordedCommand, ResultMessage } from '../replay/protocol.js';
import { agreeAsPassed, layBeside, type Pair } from './align.js';

/** One history that passed, and its recorded replay; on the baseline too, where there is one. */
export interface DriftRecord {
  readonly execution: Execution;
  /** Binary history. */
  readonly history: Uint8Array;
  readonly result: ResultMessage;
  /** Absent where the baseline was not recorded, or does not pass. */
  readonly baseline?: ResultMessage | undefined;
}

export interface DriftScope {
  readonly locate: (frame: RecordedCommand) => SourceLocation | undefined;
  readonly reader: HistoryReader;
}

/** What one execution shows. */
interface Difference extends Pick<
  Drift,
  'kind' | 'command' | 'field' | 'history' | 'code' | 'held'
> {
  readonly issued: RecordedCommand;
  /** Equal where another code does the same at the same place of the same history. */
  readonly sameness: string;
}

interface Group {
  readonly difference: Difference;
  readonly location: SourceLocation | undefined;
  readonly workflowTypes: Set<string>;
  readonly executions: Set<Execution>;
  isNew: boolean;
}

/**
 * Where the code differs from the histories that it passes, once for each line, command and field.
 *
 * Where there is a baseline, differences that it has too are left out: this change did not cause them.
 * Otherwise a difference may be as old as the execution; `basis` says how many show it.
 */
export function reviewDrift(
  records: readonly DriftRecord[],
  { locate, reader }: DriftScope,
): { readonly differences: Drift[]; readonly undecoded: string[] } {
  const groups = new Map<string, Group>();
  const undecoded = new Set<string>();
  for (const { execution, history: bytes, result, baseline } of records) {
    const history = reader.readHistory(bytes);
    const isOld = new Set(
      baseline === undefined
        ? []
        : differencesOf({ history, reader, undecoded: new Set() }, baseline).map(samenessOf),
    );
    for (const difference of differencesOf({ history, reader, undecoded }, result)) {
      if (isOld.has(difference.sameness)) continue;
      const location = locate(difference.issued);
      const place =
        location === undefined ? execution.workflowType : `${location.file}:${location.line}`;
      const key = JSON.stringify([place, difference.kind, difference.command, difference.field]);
      const group: Group = groups.get(key) ?? {
        difference,
        location,
        workflowTypes: new Set(),
        executions: new Set(),
        isNew: false,
      };
      groups.set(key, group);
      group.workflowTypes.add(execution.workflowType);
      group.executions.add(execution);
      group.isNew ||= baseline !== undefined;
    }
  }
  const differences = [...groups.values()].map(driftOf).sort(byWeight);
  return { differences, undecoded: [...undecoded].sort() };
}

function driftOf({ difference, location, workflowTypes, executions, isNew }: Group): Drift {
  const { kind, command, field, history, code, held } = difference;
  return {
    kind,
    workflowTypes: [...workflowTypes].sort(),
    command,
    ...(field === undefined ? {} : { field }),
    ...(history === undefined ? {} : { history }),
    ...(code === undefined ? {} : { code }),
    ...(held === undefined ? {} : { held }),
    ...(location === undefined ? {} : { location }),
    executions: executions.size,
    running: [...executions].filter(isOpen).length,
    basis: basisOf(isNew, executions.size),
  };
}

function basisOf(isNew: boolean, executions: number): DriftBasis {
  if (isNew) return 'differs-from-baseline';
  return executions > 1 ? 'several-executions' : 'one-execution';
}

/** Told differences first; within each part, those that most executions show. */
export function byWeight(a: Drift, b: Drift): number {
  const isTold = ({ basis }: Drift): number => (basis === 'one-execution' ? 0 : 1);
  return (
    isTold(b) - isTold(a) ||
    b.executions - a.executions ||
    (a.location?.file ?? '').localeCompare(b.location?.file ?? '') ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0)
  );
}

function samenessOf({ sameness }: Difference): string {
  return sameness;
}

/** One history, and what is needed to compare it. */
interface Comparison {
  readonly history: RecordedHistory;
  readonly reader: HistoryReader;
  /** Collects the encodings of payloads that could not be compared. */
  readonly undecoded: Set<string>;
}

function differencesOf(comparison: Comparison, result: ResultMessage): Difference[] {
  const { history, reader } = comparison;
  const { commands = [] } = result;
  const { pairs, mismatch } = layBeside(history, commands, agreeAsPassed);
  const differences: Difference[] = [];
  for (const pair of pairs) {
    const { expected, issued } = pair;
    differences.push(
      ...nameThatDiffers(pair, reader),
      ...fieldsThatDiffer(expected.event.eventId, expected.event.carried, issued, comparison),
    );
  }
  for (const { eventId, carried, issued } of history.localActivityPairs(commands)) {
    differences.push(...fieldsThatDiffer(eventId, carried, issued, comparison));
  }
  // The replay passed, so the code issues more than history's task holds: later ones decide.
  if (mismatch?.kind === 'extra') {
    const { issued, taskStartedEventId } = mismatch;
    differences.push({
      kind: 'command',
      command: reader.commandWords(issued),
      issued,
      sameness: JSON.stringify([taskStartedEventId, issued.command, issued.name]),
    });
  }
  return differences;
}

/** A different name of a signal to another workflow, or of the type that a workflow continues as. */
function nameThatDiffers({ expected, issued }: Pair, reader: HistoryReader): Difference[] {
  const [history, code] = [expected.name, issued.name];
  if (history === code || history === '' || code === '') return [];
  return [
    {
      kind: 'field',
      command: reader.commandWords(issued),
      field: 'name',
      history,
      code,
      held: 'by-both',
      issued,
      sameness: JSON.stringify([expected.event.eventId, 'name', code]),
    },
  ];
}

function fieldsThatDiffer(
  eventId: number,
  held: Carried | undefined,
  issued: RecordedCommand,
  { history, reader, undecoded }: Comparison,
): Difference[] {
  // Some replayers do not tell what commands carry.
  if (held === undefined || issued.carries === undefined) return [];
  const code = history.asTheServerFills(issued.command, issued.carries, held);
  const command = reader.commandWords(issued);
  const differences: Difference[] = [];
  const add = (
    field: string,
    inHistory: CarriedValue | undefined,
    inCode: CarriedValue | undefined,
    shown: Pick<Difference, 'history' | 'code'>,
  ): void => {
    differences.push({
      kind: 'field',
      command,
      field,
      ...shown,
      held: inHistory === undefined ? 'by-code' : inCode === undefined ? 'by-history' : 'by-both',
      issued,
      sameness: JSON.stringify([eventId, field, inCode ?? null]),
    });
  };
  for (const field of namesIn(held.values, code.values)) {
    const [inHistory, inCode] = [held.values[field], code.values[field]];
    if (inHistory === inCode) continue;
    add(field, inHistory, inCode, {
      history: valueWords(field, inHistory),
      code: valueWords(field, inCode),
    });
  }
  for (const field of namesIn(held.digests, code.digests)) {
    const [inHistory, inCode] = [held.digests[field], code.digests[field]];
    if (inHistory === inCode) continue;
    const encoding = inHistory === undefined ? TEXT_ENCODING : encodingOfDigest(inHistory);
    const isReadable =
      encoding === TEXT_ENCODING ||
      reader.isPlainEncoding(encoding) ||
      (inCode !== undefined && encodingOfDigest(inCode) === encoding);
    if (isReadable) add(field, inHistory, inCode, {});
    else undecoded.add(encoding);
  }
  return differences;
}

function namesIn(...records: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
}

function valueWords(field: string, value: CarriedValue | undefined): string {
  if (value === undefined) return 'not set';
  return typeof value === 'number' && /(?:Timeout|Interval)$/u.test(field)
    ? durationWords(value)
    : String(value);
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** "1 m", "1 h 30 m", "250 ms": no rounding, so that what differs also looks different. */
export function durationWords(ms: number): string {
  let rest = ms;
  const words: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = size === 1 ? rest : Math.floor(rest / size);
    if (count === 0) continue;
    rest -= count * size;
    words.push(`${count} ${unit}`);
  }
  return words.join(' ') || '0 s';
}
