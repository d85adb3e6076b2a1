import type { RootedFinding } from '../diagnosis/failure.js';
import { mergeFindings } from '../diagnosis/merge-findings.js';
import { oneForEachCause } from '../diagnosis/one-cause.js';
import { weigh } from '../diagnosis/weigh.js';
import type { Warn } from './ending.js';
import type { Fetched } from './fetched.js';
import type { ReportParts } from './parts.js';
import type { Replayed } from './replayed.js';
import { isOpen } from '../model/execution.js';
import { harmsRunning, type Finding } from '../model/finding.js';
import type { Policy } from '../model/settings.js';
import { liveBuildIds, perhapsLiveBuildIds } from '../model/target.js';
import { describeUnknown } from '../model/user-error.js';

/** The breaks, each cause once, with how much each matters. */
export async function weighFindings(
  { claim, listing, target, asOf }: Fetched,
  replayed: Replayed,
  { closed, closedWindowMs }: Policy,
  parts: Pick<ReportParts, 'cancelled' | 'findLeftByReset'>,
  warn: Warn,
): Promise<readonly Finding[]> {
  if (target === undefined) return [];
  const { causes, outcomes, replayer } = replayed;
  const unweighed = mergeFindings(causes, listing.executions, replayer?.language);
  const context = {
    closed,
    closedWindowMs,
    isVersionNamed: claim?.kind === 'claimed' && claim.isCurrent !== true,
    asOf: Date.parse(asOf),
    liveBuildIds: liveBuildIds(target),
    perhapsLiveBuildIds: perhapsLiveBuildIds(target),
    listed: listing.executions,
    listingTruncated: listing.truncated,
    outcomes,
  };
  const joined = (findings: readonly RootedFinding[]): readonly Finding[] =>
    oneForEachCause(findings, listing.executions, replayer?.language);
  const findings = weigh(unweighed, context);
  // A run that was closed when it was reset does not show the reset. The server is asked only where that decides.
  const predicting = findings.filter(predictsOnly).flatMap(({ executions }) => executions);
  const isAsked = closed === 'predict' && predicting.length > 0;
  if (!isAsked || parts.cancelled.aborted) return joined(findings);
  try {
    const leftByReset = await parts.findLeftByReset(predicting);
    return joined(
      leftByReset.size === 0 ? findings : weigh(unweighed, { ...context, leftByReset }),
    );
  } catch (error) {
    warn(
      `It is not known whether a reset left broken executions behind. ${describeUnknown(error)}`,
    );
    return joined(findings);
  }
}

function predictsOnly(finding: RootedFinding): boolean {
  return harmsRunning(finding) && !finding.executions.some(isOpen);
}
