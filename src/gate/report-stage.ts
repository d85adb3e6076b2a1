import { mergeDrift } from '../diagnosis/merge-drift.js';
import { mergeFindings } from '../diagnosis/merge-findings.js';
import { reviewPatches } from '../diagnosis/patches.js';
import { summarizeReach } from '../diagnosis/reach.js';
import { weigh } from '../diagnosis/weigh.js';
import type { Draft } from './draft.js';
import type { GateSettings, ReportParts } from './parts.js';
import type { Subject } from '../model/subject.js';
import { isOpen } from '../model/execution.js';
import { harmsRunning, type Finding } from '../model/finding.js';
import { liveBuildIds } from '../model/target.js';
import { describeUnknown } from '../model/user-error.js';

/** What breaks, each cause once, and how much it matters; and who still needs which patch. */
export async function weighFindings(
  settings: Pick<GateSettings, 'policy'>,
  parts: ReportParts,
  draft: Draft,
): Promise<void> {
  const { listing, target } = draft;
  if (target === undefined) return;
  const findings = mergeFindings(
    draft.causes,
    listing.executions,
    target,
    draft.replayer?.language,
  );
  const context = {
    closed: settings.policy.closed,
    liveBuildIds: liveBuildIds(target),
    listed: listing.executions,
    listingTruncated: listing.truncated,
    outcomes: draft.outcomes,
  };
  draft.findings = weigh(findings, context);
  const leftByReset = await askForResets(settings, parts, draft);
  if (leftByReset.size > 0) draft.findings = weigh(findings, { ...context, leftByReset });
  const { drift } = settings.policy;
  if (drift !== 'off' && draft.driftFound.length > 0) {
    draft.drift = mergeDrift(draft.driftFound, drift);
  }
  if (draft.changedLines !== undefined) draft.reach = summarizeReach(draft.changedLines);
  if (draft.patchRecords !== undefined) {
    draft.patches = reviewPatches(
      listing.executions,
      draft.patchRecords,
      !listing.truncated,
      draft.replayer?.language,
    );
  }
}

/** A check is a snapshot: it must be one of the pull request as it is now. */
export async function recheck(subject: Subject, parts: ReportParts, draft: Draft): Promise<void> {
  draft.wrongSubject = await parts.recheckSubject(subject);
}

/** A run that was closed when it was reset does not show it: only where that decides is it asked for. */
async function askForResets(
  settings: Pick<GateSettings, 'policy'>,
  parts: ReportParts,
  draft: Draft,
): Promise<ReadonlySet<string>> {
  const predicting = draft.findings.filter(predictsOnly).flatMap(({ executions }) => executions);
  const isAsked = settings.policy.closed === 'predict' && predicting.length > 0;
  if (!isAsked || parts.cancelled.aborted) return new Set();
  try {
    return await parts.findLeftByReset(predicting);
  } catch (error) {
    draft.warn(
      `Whether a reset left broken executions behind is not known. ${describeUnknown(error)}`,
    );
    return new Set();
  }
}

function predictsOnly(finding: Finding): boolean {
  return harmsRunning(finding) && !finding.executions.some(isOpen);
}
