import type { Verdict } from '../model/verdict.js';

/**
 * Combines the reports of one run, one for each claim. The check is green only when every report is.
 * `worst` speaks for all where there is room for one; of equals it is the first.
 */
export function combine<Report extends { readonly verdict: Verdict }>(
  reports: readonly [Report, ...Report[]],
): { readonly worst: Report; readonly passes: boolean } {
  const [first, ...others] = reports;
  const worst = others.reduce(
    (one, other) => (severity(other.verdict) > severity(one.verdict) ? other : one),
    first,
  );
  return { worst, passes: reports.every(({ verdict }) => verdict.passes) };
}

/** Red counts more than green. Within a color, a finding counts more than doubt, and doubt more than no claim. */
function severity({ kind, passes }: Verdict): number {
  return (
    (passes ? 0 : 10) + { incompatible: 3, inconclusive: 2, compatible: 1, 'not-claimed': 0 }[kind]
  );
}
