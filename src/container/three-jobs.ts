import type { FetchContainer } from './fetch-container.js';
import type { FetchedHistories } from './fetched-histories.js';
import {
  restoreChangedLines,
  storeChangedLines,
  type FetchedCheck,
  type LeftByReset,
  type StoredSubject,
} from './manifest.js';
import type { Collected } from '../gate/collected.js';
import { attempt, closing, endingOf, WrongCheckout, type Ending } from '../gate/ending.js';
import { fetch, readInOrder } from '../gate/fetch-stage.js';
import type { Fetched } from '../gate/fetched.js';
import type {
  FetchParts,
  GateParts,
  GateSettings,
  ReplayParts,
  ReplaySettings,
  ReportParts,
} from '../gate/parts.js';
import { NOTHING_REPLAYED, openCode, replay, type CodeUnderTest } from '../gate/replay-stage.js';
import type { Replayed } from '../gate/replayed.js';
import { report } from '../gate/report-stage.js';
import { executionKey } from '../model/coverage.js';
import { isOpen, type Execution } from '../model/execution.js';
import type { Problem, Report } from '../model/report.js';
import type { Policy } from '../model/settings.js';
import type { Subject } from '../model/subject.js';
import { describeUnknown } from '../model/user-error.js';

/**
 * The gate in three jobs: the stages of src/gate/gate.ts, with a file between each two of them. The first job has
 * the credentials, the second the code under test, the third neither.
 */

/**
 * Writes the claim's executions with their histories into the container. Never rejects: the container also holds
 * what ended the stage early, so that the report says it.
 *
 * @returns the error that ended the stage, where it is a bug of ours
 */
export async function fetchCheck(
  settings: GateSettings,
  parts: FetchParts &
    Pick<
      GateParts,
      'deadline' | 'readHistories' | 'findLeftByReset' | 'progress' | 'effort' | 'close'
    >,
  container: FetchContainer,
): Promise<unknown> {
  const nothing = (): Promise<undefined> => Promise.resolve(undefined);
  const { fetched, subject, plan } = await fetch(settings, parts, nothing);
  const found: { effort?: Fetched['effort'] } & Collected<
    Pick<FetchedCheck, 'subject' | 'leftByReset'>
  > = { leftByReset: { kind: 'known', keys: [] } };
  if (subject !== undefined) found.subject = pick(subject);
  const reading = await attempt(parts.cancelled, async () => {
    if (subject === undefined || plan === undefined) return;
    const read: Execution[] = [];
    parts.deadline.begin();
    for await (const one of readInOrder(plan, parts, parts.deadline.replays)) {
      await container.add(one);
      if (one.kind === 'read') read.push(one.execution);
      parts.progress(read.length, plan.maxReplays);
    }
    found.leftByReset = await askForResets(read, settings, parts);
    found.effort = parts.effort();
    if (subject.readChangedLines !== undefined && read.length > 0) {
      const changedLines = storeChangedLines(await subject.readChangedLines());
      found.subject = { ...pick(subject), changedLines };
    }
  });
  const { effort, ...rest } = found;
  const ending = endingOf([fetched, reading, await closing(parts)]);
  container.endCheck({
    ...rest,
    fetched: { ...fetched, ...(effort === undefined ? {} : { effort }), ...ending },
  });
  return ending.bug;
}

/** What a replay job finds in its share of a check. Never rejects. */
export async function replayCheck(
  check: FetchedCheck & { readonly subject: StoredSubject },
  share: readonly number[],
  commit: string | undefined,
  histories: FetchedHistories,
  settings: Omit<ReplaySettings, 'policy'>,
  parts: ReplayParts & Pick<GateParts, 'close'>,
): Promise<Replayed> {
  const opened: { code?: CodeUnderTest } = {};
  const opening = await attempt(parts.cancelled, async (warn) => {
    opened.code = await openCode(subjectOf(check.subject, commit), parts, warn);
  });
  const replayed: Replayed =
    opened.code === undefined
      ? { ...NOTHING_REPLAYED, ...opening }
      : await replay(
          opened.code,
          check.fetched,
          { expected: share.length, read: (stop) => histories.read(check, share, stop) },
          { ...settings, policy: histories.manifest.policy },
          parts,
        );
  return { ...replayed, ...endingOf([opening, replayed, await closing(parts)]) };
}

/** Concludes from what all replay jobs found. Never rejects. */
export async function reportCheck(
  { fetched, subject: stored, isToReplay }: FetchedCheck,
  results: { readonly replayed: readonly Replayed[]; readonly problem?: Problem },
  policy: Policy,
  parts: ReportParts & Pick<GateParts, 'checkSubject'>,
): Promise<Report> {
  const { replayed, problem } = results;
  const subject = stored === undefined ? undefined : subjectOf(stored, replayed[0]?.commit);
  // Only this job can say whether the replay jobs had the right checkout.
  const checking = await attempt(parts.cancelled, async () => {
    if (subject === undefined || replayed.length === 0) return;
    const wrongSubject = await parts.checkSubject(subject);
    if (wrongSubject !== undefined) throw new WrongCheckout(wrongSubject);
  });
  const collecting: Ending = {
    notes: [],
    ...(isToReplay && problem !== undefined ? { problem } : {}),
    cancelled: false,
  };
  return report(
    {
      fetched: { ...fetched, cancelled: false },
      replayed,
      subject,
      between: endingOf([collecting, checking]),
    },
    policy,
    parts,
  );
}

/** The part of a subject that can be stored in a file. */
function pick({ title, acceptedCommits }: Subject): StoredSubject {
  return { title, acceptedCommits };
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
 * Asks which executions a reset left behind. This job has the credentials, but it does not know yet what breaks.
 * So it asks about every closed execution whose break could predict something.
 */
async function askForResets(
  read: readonly Execution[],
  { policy }: GateSettings,
  parts: Pick<GateParts, 'findLeftByReset' | 'cancelled'>,
): Promise<LeftByReset> {
  const predicting = read.filter(
    (execution) => !isOpen(execution) && execution.isLeftByReset !== true,
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
