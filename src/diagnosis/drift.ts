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
import { layPassedBeside, type Mismatch, type Pair } from './align.js';
import { asAsked, valueWords } from './drift-values.js';
import { isLocalActivity } from './open-calls.js';
import { fieldKey } from './chance.js';

/** One history that passed, and its recorded replay; on the baseline too, where there is one. */
export interface DriftRecord {
  readonly execution: Execution;
  /** Binary history. */
  readonly history: Uint8Array;
  readonly result: ResultMessage;
  /** Absent where the baseline was not recorded, or does not pass. */
  readonly baseline?: ResultMessage | undefined;
}

/** Fields that the code encodes otherwise from replay to replay, as a set is: see `fieldKey`. They are no drift. */
export interface LooseFields {
  /** In processes of one seed: nothing can be compared. */
  readonly always: ReadonlySet<string>;
  /** Also in those of other seeds: they can be compared with a baseline of the same seed. */
  readonly bySeed: ReadonlySet<string>;
}

export interface DriftScope {
  readonly locate: (frame: RecordedCommand) => SourceLocation | undefined;
  readonly reader: HistoryReader;
  readonly loose?: LooseFields;
}

/** What one execution shows. */
interface Difference extends Pick<
  Drift,
  'kind' | 'command' | 'field' | 'history' | 'code' | 'held'
> {
  /** The command of the code, or where the code does not issue it, the last one before. */
  readonly at: RecordedCommand | undefined;
  /** Equal where another code does the same at the same place of the same history. */
  readonly sameness: string;
  /** Whether it could be the recording's fault, if the baseline did not agree with the same history. */
  readonly needsBaseline?: boolean;
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
  { locate, reader, loose }: DriftScope,
): { readonly differences: Drift[]; readonly undecoded: string[] } {
  const groups = new Map<string, Group>();
  const undecoded = new Set<string>();
  for (const { execution, history: bytes, result, baseline } of records) {
    const history = reader.readHistory(bytes);
    const old =
      baseline === undefined
        ? undefined
        : differencesOf({ history, reader, undecoded: new Set() }, baseline);
    const isOld = new Set(old?.map(samenessOf));
    const isAgreeing = old?.every(({ needsBaseline }) => needsBaseline !== true) === true;
    const ignored = baseline === undefined ? loose?.bySeed : loose?.always;
    for (const difference of differencesOf({ history, reader, undecoded, ignored }, result)) {
      if (isOld.has(difference.sameness)) continue;
      if (difference.needsBaseline === true && !isAgreeing) continue;
      const location = difference.at === undefined ? undefined : locate(difference.at);
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
  readonly ignored?: ReadonlySet<string> | undefined;
}

function differencesOf(comparison: Comparison, result: ResultMessage): Difference[] {
  const { history, reader } = comparison;
  const { pairs, mismatch } = layPassedBeside(history, result.commands ?? []);
  const differences: Difference[] = [];
  for (const pair of pairs) {
    const { expected, issued } = pair;
    differences.push(
      ...nameThatDiffers(pair, reader),
      ...fieldsThatDiffer(expected.event.eventId, expected.event.carried, issued, comparison),
    );
  }
  if (mismatch !== undefined) differences.push(commandThatDiffers(mismatch, reader));
  return differences;
}

/**
 * The first command that differs, although the replay passed. One command more than history's task holds is issued
 * later, as later tasks decide. Any other may be passed over by the SDK, or may not be recorded at its place.
 */
function commandThatDiffers(mismatch: Mismatch, reader: HistoryReader): Difference {
  switch (mismatch.kind) {
    case 'extra': {
      const { issued, taskStartedEventId } = mismatch;
      return {
        kind: 'command',
        command: reader.commandWords(issued),
        at: issued,
        sameness: JSON.stringify([taskStartedEventId, issued.command, issued.name]),
        // One that takes long has no marker yet.
        ...(isLocalActivity(issued) ? { needsBaseline: true } : {}),
      };
    }
    case 'differs':
    case 'missing': {
      const { expected, lastAgreeing } = mismatch;
      const issued = mismatch.kind === 'differs' ? mismatch.issued : undefined;
      return {
        kind: 'command',
        command: reader.commandWords(issued ?? expected),
        ...(issued === undefined
          ? { held: 'by-history' }
          : { history: expected.event.description.words }),
        at: issued ?? lastAgreeing,
        sameness: JSON.stringify([expected.event.eventId, issued?.command, issued?.name]),
        needsBaseline: true,
      };
    }
  }
}

/** A different name of a command whose name the SDK did not compare. */
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
      at: issued,
      sameness: JSON.stringify([expected.event.eventId, 'name', code]),
    },
  ];
}

function fieldsThatDiffer(
  eventId: number,
  held: Carried | undefined,
  issued: RecordedCommand,
  { history, reader, undecoded, ignored }: Comparison,
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
      at: issued,
      sameness: JSON.stringify([eventId, field, inCode ?? null]),
    });
  };
  for (const field of namesIn(held.values, code.values)) {
    const [inHistory, inCode] = [held.values, code.values].map((values) =>
      asAsked(field, values[field]),
    );
    if (inHistory === inCode) continue;
    add(field, inHistory, inCode, {
      history: valueWords(field, inHistory),
      code: valueWords(field, inCode),
    });
  }
  for (const field of namesIn(held.digests, code.digests)) {
    const [inHistory, inCode] = [held.digests[field], code.digests[field]];
    if (inHistory === inCode || ignored?.has(fieldKey(issued, field)) === true) continue;
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
