import type { RecordedHistory } from '../engine/recorded-history.js';
import type { Cause } from '../model/cause.js';
import type { ResultMessage, UndecodedPayload, UnobservedError } from '../replay/protocol.js';
import type { Mismatch } from './align.js';
import type { Failure } from './failure.js';
import { taskStartOf } from './mismatch-in-history.js';
import type { Frame } from './source-location.js';

/** What happened in the code before it diverged, and made it diverge: the difference itself is only the result. */
export interface Origin {
  readonly cause: Cause;
  /** A sentence. What it quotes is untrusted. */
  readonly words: string;
  readonly place: Frame;
}

/** Why a workflow task failed, where that was a payload of history. */
export function originOfThrow({ result, recorded }: Failure): Origin | undefined {
  // Not every replayer knows the place without recording.
  const undecoded = (recorded?.result.undecoded ?? result.undecoded)?.at(-1);
  return undecoded === undefined ? undefined : ofUndecoded(undecoded);
}

/**
 * A payload that the code did not get, or an error that nobody has asked for, in the task in which code and history
 * part. One of an earlier task counts where the code has gone on waiting. What the baseline has too, and passes with,
 * explains nothing.
 */
export function originOf(
  { recorded, baseline }: Failure,
  history: RecordedHistory,
  mismatch: Mismatch,
): Origin | undefined {
  const { undecoded = [], unobserved = [] } = recorded?.result ?? {};
  const there = new Set(baseline?.recorded === undefined ? [] : keysOf(baseline.recorded));
  const task = taskStartOf(mismatch, history) ?? 0;
  const explains = (one: { readonly historyLength: number }): boolean =>
    mismatch.kind === 'missing' ? one.historyLength <= task : one.historyLength === task;
  const origins = [
    ...undecoded
      .filter((one) => !there.has(keyOf(one)))
      .filter(explains)
      .map(withTask(ofUndecoded)),
    ...unobserved
      .filter((one) => !there.has(keyOf(one)))
      .filter(explains)
      .map(
        withTask(({ message, ...place }) => ({
          cause: 'workflow-threw' as const,
          words: `A branch of the code that runs beside the rest ends by an error: ${message}.`,
          place,
        })),
      ),
  ];
  return origins.sort((a, b) => b.task - a.task)[0]?.origin;
}

function withTask<One extends { readonly historyLength: number }>(
  of: (one: One) => Origin,
): (one: One) => { readonly task: number; readonly origin: Origin } {
  return (one) => ({ task: one.historyLength, origin: of(one) });
}

type Told = UndecodedPayload | UnobservedError;

function keysOf({ undecoded = [], unobserved = [] }: ResultMessage): string[] {
  return [...undecoded, ...unobserved].map(keyOf);
}

/** What two checkouts share of it: neither its line nor its words, which name types. */
function keyOf(told: Told): string {
  return JSON.stringify(
    'of' in told
      ? [told.historyLength, told.of, told.name, told.argument]
      : [told.historyLength, told.message],
  );
}

function ofUndecoded(undecoded: UndecodedPayload): Origin {
  const { of, reason, ...place } = undecoded;
  const isDropped = of === 'signal' || of === 'update';
  return {
    cause: 'payload-not-decodable',
    words: `The code cannot decode ${wordsOf(undecoded)}${isDropped ? ', which history holds' : ''}: ${reason}.`,
    place,
  };
}

function wordsOf({ of, name, argument }: UndecodedPayload): string {
  const input = argument === undefined ? 'the input' : `argument ${argument}`;
  switch (of) {
    case 'workflow':
      return `${input} of the workflow`;
    case 'signal':
    case 'update':
      return `${input} of ${of} ${name}`;
    case 'result':
      return `the result of ${name}`;
    case 'other':
      return name === '' ? 'a payload of history' : name;
  }
}
