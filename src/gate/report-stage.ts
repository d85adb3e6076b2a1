import { mergeDrift } from '../diagnosis/merge-drift.js';
import { reviewPatches } from '../diagnosis/patches.js';
import { summarizeReach } from '../diagnosis/reach.js';
import { wayOut } from '../diagnosis/way-out.js';
import type { Collected } from './collected.js';
import { attempt, closing, endingOf, isWhole, WrongCheckout, type Ending } from './ending.js';
import type { Fetched } from './fetched.js';
import type { ReportParts } from './parts.js';
import { mergeReplayed, type Replayed } from './replayed.js';
import { warningsOf } from './warnings.js';
import { weighFindings } from './weigh-findings.js';
import { byListing, measureCoverage } from '../model/coverage.js';
import type { Report } from '../model/report.js';
import type { Policy } from '../model/settings.js';
import type { Subject } from '../model/subject.js';
import { estimateAffected } from '../selection/estimate.js';
import { conclude } from '../verdict/conclude.js';

/** What the earlier stages have found. */
export interface Found {
  readonly fetched: Fetched;
  /** What each share's replay found; empty where nothing was replayed. */
  readonly replayed: readonly Replayed[];
  /** Undefined where the title could not be read. */
  readonly subject: Subject | undefined;
  /** What happened between the stages. */
  readonly between?: Ending;
}

/** Concludes from what was found, whole or not. As the last stage it closes the parts. Never rejects. */
export async function report(
  { fetched, replayed: shares, subject, between }: Found,
  policy: Policy,
  parts: ReportParts,
): Promise<Report> {
  const replayed = mergeReplayed(shares);
  const before = endingOf([fetched, ...(between === undefined ? [] : [between]), ...shares]);
  const { claim, target, listing } = fetched;
  const judged: Collected<Pick<Report, 'findings' | 'patches' | 'drift' | 'reach'>> = {
    findings: [],
    patches: [],
  };
  const own = await attempt(parts.cancelled, async (warn) => {
    if (target === undefined) return;
    judged.findings = await weighFindings(fetched, replayed, policy, parts, warn);
    Object.assign(judged, alsoSeen(fetched, replayed, policy));
    // A check is a snapshot: it must be a snapshot of the pull request as it is now.
    const moved =
      subject !== undefined && isWhole(before) ? await parts.recheckSubject(subject) : undefined;
    if (moved !== undefined) throw new WrongCheckout(moved);
  });
  const ending = endingOf([before, own, await closing(parts)]);
  const { problem, bug, wrongSubject, cancelled } = ending;
  const { replayer, baseline } = replayed;
  // Outcomes come in the order in which replays end; reports show them in the order of the listing.
  const outcomes = byListing(listing.executions, replayed.outcomes, (outcome) => outcome);
  const verdict = conclude({
    claim,
    ...(problem === undefined ? {} : { problem }),
    ...(fetched.unknownBuild === undefined ? {} : { unknownBuild: fetched.unknownBuild }),
    ...(fetched.claimable === undefined ? {} : { claimable: fetched.claimable }),
    ...(fetched.noMatch === undefined ? {} : { noMatch: fetched.noMatch }),
    ...(wrongSubject === undefined ? {} : { wrongSubject }),
    cancelled,
    listed: listing.executions,
    listingTruncated: listing.truncated,
    outcomes,
    findings: judged.findings,
    ...(judged.drift === undefined ? {} : { drift: judged.drift }),
    registeredTypes:
      replayer?.workflowTypes === undefined ? undefined : new Set(replayer.workflowTypes),
    ...(replayer?.skipped === undefined ? {} : { skipped: replayer.skipped }),
    policy,
  });
  const estimate = estimateAffected(listing, outcomes, fetched.sample);
  // In one job all requests are made only now.
  const effort = fetched.effort ?? (shares.length > 0 ? parts.effort() : undefined);
  return {
    asOf: fetched.asOf,
    commit: subject?.commit,
    claim,
    ...(fetched.pullRequests === undefined ? {} : { pullRequests: fetched.pullRequests }),
    ...(fetched.removedClaim === undefined ? {} : { removedClaim: fetched.removedClaim }),
    target,
    replayer,
    ...(replayer?.isolation === undefined ? {} : { isolation: replayer.isolation }),
    ...(baseline === undefined ? {} : { baseline }),
    verdict,
    outcomes,
    ...judged,
    ...(fetched.retentionMs === undefined ? {} : { retentionMs: fetched.retentionMs }),
    ...(judged.findings.length === 0 ? {} : { wayOut: wayOut(target) }),
    coverage: measureCoverage(listing.executions, outcomes, listing.truncated),
    ...(estimate === undefined ? {} : { estimate }),
    ...(effort === undefined ? {} : { effort }),
    warnings: warningsOf(
      fetched,
      replayer,
      outcomes,
      { verdict, ...(effort === undefined ? {} : { effort }) },
      ending,
    ),
    ...(problem === undefined ? {} : { problem }),
    ...(bug === undefined ? {} : { bug }),
  };
}

/** What the replays tell besides breaks. */
function alsoSeen(
  { listing }: Fetched,
  { patchRecords, changedLines, driftFound, replayer }: Replayed,
  { drift }: Policy,
): Partial<Pick<Report, 'patches' | 'drift' | 'reach'>> {
  const { executions, truncated } = listing;
  return {
    ...(drift === 'off' || driftFound.length === 0 ? {} : { drift: mergeDrift(driftFound, drift) }),
    ...(changedLines === undefined ? {} : { reach: summarizeReach(changedLines) }),
    ...(patchRecords === undefined
      ? {}
      : { patches: reviewPatches(executions, patchRecords, !truncated, replayer?.language) }),
  };
}
