import type { Verdict } from '../model/verdict.js';

/**
 * Of the reports of one run, one for each claim: the check is green only when every one of them is,
 * and without any it is red. `worst` is the one that speaks for all where there is room for one; of
 * equals it is the first.
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

/** Red before green; among equals, what was found before what is not known, before nothing at all. */
function severity({ kind, passes }: Verdict): number {
  return (
    (passes ? 0 : 10) + { incompatible: 3, inconclusive: 2, compatible: 1, 'not-claimed': 0 }[kind]
  );
}
