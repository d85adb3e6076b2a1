import type { Drift, DriftReview } from '../model/drift.js';

/** What differs, without the command: "startToCloseTimeout: history 10 s, code 1 m". Untrusted. */
export function driftWords({ kind, field, history, code, held }: Drift): string {
  if (kind === 'command') {
    return 'issued where history holds none: on a worker it is issued at the next workflow task';
  }
  if (history !== undefined || code !== undefined) {
    return `${field ?? ''}: history ${history ?? ''}, code ${code ?? ''}`;
  }
  if (held === 'by-code') return `${field ?? ''} is new: history has none`;
  if (held === 'by-history') return `${field ?? ''} is gone: history has one`;
  return `${field ?? ''} differs`;
}

/** How many differences are not told, and what would tell; undefined where there are none. */
export function untoldWords({ differences }: Pick<DriftReview, 'differences'>): string | undefined {
  const count = differences.filter(({ basis }) => basis === 'one-execution').length;
  if (count === 0) return undefined;
  return (
    `${count} ${count === 1 ? 'difference that one execution alone shows is' : 'differences that one execution alone shows each are'} ` +
    'not listed: it may be older than this change. With baseline-directory it could be told.'
  );
}
