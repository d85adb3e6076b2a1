import type { Cause } from '../model/cause.js';
import type { RecordedHandler } from '../replay/protocol.js';
import type { DivergingReplay } from './divergence.js';

/** As many names are shown. */
const SHOWN = 5;

/** The kind of handler that a cause misses. */
export const HANDLED: Partial<Readonly<Record<Cause, RecordedHandler['kind']>>> = {
  'signal-handler-missing': 'signal',
  'update-handler-missing': 'update',
};

/** The name under which the signal or update came that no handler took. */
export function lostName(
  { mismatch, unhandledSignals }: Pick<DivergingReplay, 'mismatch' | 'unhandledSignals'>,
  kind: RecordedHandler['kind'],
): string | undefined {
  if (kind === 'signal') return unhandledSignals[0];
  return mismatch.kind === 'extra' ? undefined : mismatch.expected.event.received?.name;
}

/**
 * What came and what the code handles, in a sentence. Names are untrusted.
 *
 * @returns undefined for other causes, and where the name is not known
 */
export function missingHandlerWords(
  cause: Cause,
  replay: Pick<DivergingReplay, 'mismatch' | 'unhandledSignals'>,
  handlers: readonly RecordedHandler[],
): string | undefined {
  const kind = HANDLED[cause];
  const lost = kind === undefined ? undefined : lostName(replay, kind);
  if (kind === undefined || lost === undefined) return undefined;
  const names = [
    ...new Set(handlers.filter((one) => one.kind === kind).map(({ name }) => name)),
  ].filter((name) => name !== lost);
  const further = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const handles =
    names.length === 0
      ? `it handles no ${kind}`
      : `it handles ${names.slice(0, SHOWN).join(', ')}${further}`;
  const came = kind === 'signal' ? 'Signal' : 'Update';
  return `${came} ${lost} came, which the code does not handle; ${handles}.`;
}
