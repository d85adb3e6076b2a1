import type { Drift, DriftReview } from '../model/drift.js';

/** What differs, without the command: "startToCloseTimeout: history 10 s, code 1 m". Untrusted. */
export function driftWords({ kind, field, history, code, held }: Drift): string {
  if (kind === 'command') {
    if (held === 'by-history') return 'not issued, and history holds it';
    return history === undefined
      ? 'issued where history has no command: a worker issues it at the next workflow task'
      : `issued where history holds ${history}`;
  }
  if (history !== undefined || code !== undefined) {
    return `${field ?? ''}: history ${history ?? ''}, code ${code ?? ''}`;
  }
  if (held === 'by-code') return `${field ?? ''} is new: history has none`;
  if (held === 'by-history') return `${field ?? ''} is gone: history has one`;
  return `${field ?? ''} differs`;
}

/** How many differences are not listed, and what would tell about them; undefined where there are none. */
export function untoldWords({ differences }: Pick<DriftReview, 'differences'>): string | undefined {
  const count = differences.filter(({ basis }) => basis === 'one-execution').length;
  if (count === 0) return undefined;
  return (
    (count === 1
      ? '1 difference is not listed: only one execution shows it, and it may be older than this change. '
      : `${count} differences are not listed: only one execution shows each, and they may be older than this change. `) +
    'Set baseline-directory to find out.'
  );
}
