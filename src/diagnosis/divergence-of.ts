import type { HistoryReader } from '../engine/history-reader.js';
import type { Cause } from '../model/cause.js';
import type { Divergence } from '../model/finding.js';
import type { SourceLocation } from '../model/source-location.js';
import type { Mismatch } from './align.js';
import type { Place } from './place.js';
import { sourceLocation, type Frame } from './source-location.js';
import { toldApart } from './told-apart.js';

export type Locator = (frame: Frame | undefined) => { readonly location?: SourceLocation };

/** Places in one checkout, relative to its root. */
export function locator(root: string): Locator {
  return (frame) => {
    const location = frame === undefined ? undefined : sourceLocation(frame, root);
    return location === undefined ? {} : { location };
  };
}

/** A mismatch and its place, as a finding shows them. */
export function divergenceOf(
  mismatch: Mismatch,
  place: Place | undefined,
  locate: Locator,
  cause: Cause,
  { commandWords }: HistoryReader,
): Divergence {
  const helper = locate(place?.helper).location;
  const location = { ...locate(place?.at), ...(helper === undefined ? {} : { helper }) };
  switch (mismatch.kind) {
    case 'differs': {
      const apart = toldApart(mismatch, cause);
      return {
        kind: 'differs',
        event: mismatch.expected.event.description,
        command: commandWords(mismatch.issued),
        ...(apart === undefined ? {} : { apart }),
        ...location,
      };
    }
    case 'missing':
      return {
        kind: 'missing-command',
        event: mismatch.expected.event.description,
        ...(mismatch.lastAgreeing === undefined
          ? {}
          : { lastAgreeing: commandWords(mismatch.lastAgreeing) }),
        ...location,
      };
    case 'extra':
      return {
        kind: 'extra-command',
        command: commandWords(mismatch.issued),
        taskStartedEventId: mismatch.taskStartedEventId,
        ...(mismatch.next === undefined ? {} : { next: mismatch.next.event.description }),
        ...location,
      };
  }
}
