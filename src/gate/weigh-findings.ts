import { mergeFindings } from '../diagnosis/merge-findings.js';
import { weigh } from '../diagnosis/weigh.js';
import type { Warn } from './ending.js';
import type { Fetched } from './fetched.js';
import type { ReportParts } from './parts.js';
import type { Replayed } from './replayed.js';
import { isOpen } from '../model/execution.js';
import { harmsRunning, type Finding } from '../model/finding.js';
import type { Policy } from '../model/settings.js';
import { liveBuildIds } from '../model/target.js';
import { describeUnknown } from '../model/user-error.js';

/** The breaks, each cause once, with how much each matters. */
export async function weighFindings(
  { listing, target }: Fetched,
  replayed: Replayed,
  closed: Policy['closed'],
  parts: Pick<ReportParts, 'cancelled' | 'findLeftByReset'>,
  warn: Warn,
): Promise<readonly Finding[]> {
  if (target === undefined) return [];
  const { causes, outcomes, replayer } = replayed;
  const unweighed = mergeFindings(causes, listing.executions, target, replayer?.language);
  const context = {
    closed,
    liveBuildIds: liveBuildIds(target),
    listed: listing.executions,
    listingTruncated: listing.truncated,
    outcomes,
  };
  const findings = weigh(unweighed, context);
  // A run that was closed when it was reset does not show the reset. The server is asked only where that decides.
  const predicting = findings.filter(predictsOnly).flatMap(({ executions }) => executions);
  const isAsked = closed === 'predict' && predicting.length > 0;
  if (!isAsked || parts.cancelled.aborted) return findings;
  try {
    const leftByReset = await parts.findLeftByReset(predicting);
    return leftByReset.size === 0 ? findings : weigh(unweighed, { ...context, leftByReset });
  } catch (error) {
    warn(
      `It is not known whether a reset left broken executions behind. ${describeUnknown(error)}`,
    );
    return findings;
  }
}

function predictsOnly(finding: Finding): boolean {
  return harmsRunning(finding) && !finding.executions.some(isOpen);
}
