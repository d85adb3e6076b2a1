import type { FetchContainer } from './fetch-container.js';
import type { FetchedHistories } from './fetched-histories.js';
import {
  restoreChangedLines,
  storeChangedLines,
  type FetchedCheck,
  type StoredSubject,
} from './manifest.js';
import { Draft, type Replayed } from '../gate/draft.js';
import { findExecutions, readClaim, readInOrder } from '../gate/fetch-stage.js';
import type {
  FetchParts,
  GateParts,
  GateSettings,
  ReplayParts,
  ReplaySettings,
  ReportParts,
} from '../gate/parts.js';
import type { LeftByReset } from '../model/resolved-target.js';
import type { Subject } from '../model/subject.js';
import type { Policy } from '../model/settings.js';
import { executionKey } from '../model/coverage.js';
import { isOpen, type Execution } from '../model/execution.js';
import type { Problem, Report } from '../model/report.js';
import { describeUnknown } from '../model/user-error.js';
import { openBench, replay } from '../gate/replay-stage.js';
import { recheck, weighFindings } from '../gate/report-stage.js';

/**
 * The gate in three jobs: the stages of src/gate/gate.ts, with a file between each two of them. The first job has
 * the credentials, the second the code under test, the third neither.
 */

type Ends = Pick<GateParts, 'cancelled' | 'close'>;

/**
 * What the claim speaks of, with its histories, into the container. Never rejects: what ends it early is in
 * the container too, so that the report says it.
 *
 * @returns the error behind it, where that is a bug of ours
 */
export async function fetchCheck(
  settings: GateSettings,
  parts: FetchParts &
    Ends &
    Pick<GateParts, 'stopAfter' | 'readHistories' | 'findLeftByReset' | 'progress' | 'effort'>,
  container: FetchContainer,
): Promise<unknown> {
  const draft = new Draft(parts.now(), settings.policy);
  let subject: StoredSubject | undefined;
  let leftByReset: LeftByReset = { kind: 'known', keys: [] };
  await draft.attempt(async () => {
    const { title, acceptedCommits, readChangedLines } = await readClaim(settings, parts, draft);
    subject = { title, acceptedCommits };
    if (draft.claim?.kind !== 'claimed') return;
    const plan = await findExecutions(settings, parts, draft);
    if (plan === undefined) return;
    const stop = parts.stopAfter(settings.budget.timeBudgetMs);
    const read: Execution[] = [];
    for await (const one of readInOrder(plan, parts, stop)) {
      await container.add(one);
      if (one.kind === 'read') read.push(one.execution);
      parts.progress(read.length, plan.maxReplays);
    }
    leftByReset = await askForResets(read, draft, settings, parts);
    draft.effort = parts.effort();
    if (readChangedLines !== undefined && read.length > 0) {
      subject = { ...subject, changedLines: storeChangedLines(await readChangedLines()) };
    }
  }, parts);
  container.endCheck({ subject, fetched: draft.fetched, leftByReset });
  return draft.bugFound;
}

/** What a replay job finds over its share of a check. Never rejects. */
export async function replayCheck(
  check: FetchedCheck & { readonly subject: StoredSubject },
  share: readonly number[],
  commit: string | undefined,
  histories: FetchedHistories,
  settings: ReplaySettings,
  parts: ReplayParts & Ends & Pick<GateParts, 'now'>,
): Promise<{ readonly replayed: Replayed; readonly bug: unknown }> {
  const draft = new Draft(parts.now(), histories.manifest.policy);
  // What the fetch job noted is in the report already.
  draft.takeFetched({ ...check.fetched, notes: [] });
  draft.commit = commit;
  await draft.attempt(async () => {
    const bench = await openBench(subjectOf(check.subject, commit), parts, draft);
    if (bench === undefined) return;
    const reads = (stop: AbortSignal) => histories.read(check, share, stop);
    await replay(bench, share.length, reads, settings, parts, draft);
  }, parts);
  return { replayed: draft.replayed, bug: draft.bugFound };
}

/** The verdict over what all replay jobs found. Never rejects. */
export async function reportCheck(
  check: FetchedCheck,
  results: { readonly replayed: readonly Replayed[]; readonly problem?: Problem },
  policy: Policy,
  parts: ReportParts & Ends & Pick<GateParts, 'now' | 'checkSubject'>,
): Promise<Report> {
  const draft = new Draft(parts.now(), policy);
  draft.takeFetched(check.fetched);
  if (check.isToReplay && results.problem !== undefined) draft.object(results.problem);
  for (const replayed of results.replayed) draft.takeReplayed(replayed);
  await draft.attempt(async () => {
    const { subject } = check;
    if (subject === undefined || !check.isToReplay) return;
    const [first] = results.replayed;
    if (first !== undefined) {
      draft.wrongSubject = await parts.checkSubject(subjectOf(subject, draft.commit));
    }
    await weighFindings({ policy }, parts, draft);
    if (!draft.isWhole || draft.wrongSubject !== undefined) return;
    await recheck(subjectOf(subject, draft.commit), parts, draft);
  }, parts);
  return draft.finish();
}

function subjectOf(
  { changedLines, ...subject }: StoredSubject,
  commit: string | undefined,
): Subject {
  return {
    ...subject,
    commit,
    ...(changedLines === undefined
      ? {}
      : { readChangedLines: () => Promise.resolve(restoreChangedLines(changedLines)) }),
  };
}

/**
 * Who is left behind by a reset is asked here, where the credentials are: of the closed executions whose
 * breaks could predict something, because what breaks is not known yet.
 */
async function askForResets(
  read: readonly Execution[],
  { listing }: Draft,
  { policy }: GateSettings,
  parts: Pick<GateParts, 'findLeftByReset' | 'cancelled'>,
): Promise<LeftByReset> {
  const running = new Set(
    listing.executions.filter(isOpen).map(({ workflowType }) => workflowType),
  );
  const predicting = read.filter(
    (execution) =>
      !isOpen(execution) && execution.isLeftByReset !== true && running.has(execution.workflowType),
  );
  if (policy.closed !== 'predict' || predicting.length === 0) return { kind: 'known', keys: [] };
  try {
    const left = await parts.findLeftByReset(predicting);
    return { kind: 'known', keys: predicting.map(executionKey).filter((key) => left.has(key)) };
  } catch (error) {
    if (parts.cancelled.aborted) throw error;
    return { kind: 'not-known', explanation: describeUnknown(error) };
  }
}
