import type { Cause } from '../model/cause.js';
import type { Apart } from '../model/finding.js';
import { truncate } from '../untrusted/readable.js';
import type { Mismatch } from './align.js';
import { durationWords } from './drift-values.js';
import { namedTimer } from './timers.js';

/** Longer IDs are cut. */
const MAX_ID = 200;

/** What tells two commands apart whose words are the same: their IDs, or the lengths of two timers. */
export function toldApart(
  { expected, issued }: Extract<Mismatch, { kind: 'differs' }>,
  cause: Cause,
): Apart | undefined {
  if (cause === 'identifier-differs') {
    return {
      by: 'id',
      history: truncate(expected.id ?? '', MAX_ID),
      code: truncate(issued.id ?? '', MAX_ID),
    };
  }
  const [held, now] = [namedTimer(expected), namedTimer(issued)];
  if (held.command !== now.command || held.length === undefined || now.length === undefined)
    return undefined;
  if (held.length === now.length) return undefined;
  return { by: 'length', history: durationWords(held.length), code: durationWords(now.length) };
}
