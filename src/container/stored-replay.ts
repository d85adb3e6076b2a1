import type { Replayed } from '../gate/replayed.js';
import type { DiagnosedFinding } from '../diagnosis/failure.js';
import { executionKey } from '../model/coverage.js';
import type { Execution } from '../model/execution.js';
import type { ReplayerDescription } from '../model/report.js';
import type { FetchedCheck, StoredRead } from './manifest.js';
import type { ResultOfCheck, StoredFinding } from './result-file.js';

/** The execution of a stored read, as it was after its history was read. */
export function executionOf(check: FetchedCheck, read: StoredRead): Execution {
  const execution = check.fetched.listing.executions[read.execution];
  if (execution === undefined) throw new Error(`no execution ${read.execution} is listed`);
  return read.kind === 'read' && read.isLeftByReset === true
    ? { ...execution, isLeftByReset: true }
    : execution;
}

/** What a replay found. Executions are named by their place in the container. */
export function storeReplayed(replayed: Replayed, check: FetchedCheck): ResultOfCheck {
  const positions = new Map(
    check.reads.map((read, position) => [executionKey(executionOf(check, read)), position]),
  );
  const readOf = (execution: Execution): number => {
    const position = positions.get(executionKey(execution));
    if (position === undefined) throw new Error('an execution that the container does not hold');
    return position;
  };
  const { replayer, baseline, outcomes, causes, ...others } = replayed;
  // Which commit it was, and whether the right one, is asked of the whole result; a bug is in the log.
  const { commit: _commit, wrongSubject: _wrongSubject, bug: _bug, ...rest } = others;
  return {
    ...rest,
    claim: claimOf(check),
    ...(replayer === undefined
      ? {}
      : {
          replayer: {
            ...describe(replayer),
            workflowTypes: replayer.workflowTypes ?? null,
            ...(replayer.takesAnyType === undefined ? {} : { takesAnyType: true }),
            ...(replayer.skipped === undefined ? {} : { skipped: replayer.skipped }),
            ...(replayer.isolation === undefined ? {} : { isolation: replayer.isolation }),
          },
        }),
    ...(baseline === undefined
      ? {}
      : {
          baseline: {
            commit: baseline.commit,
            ...(baseline.replayer === undefined ? {} : { replayer: describe(baseline.replayer) }),
          },
        }),
    outcomes: outcomes.map(({ execution, ...outcome }) => ({
      read: readOf(execution),
      ...outcome,
    })),
    causes: causes.map(({ executions, divergingTasks, example, ...finding }) => ({
      ...finding,
      example: { read: readOf(example.execution), isRecorded: example.isRecorded },
      executions: executions.map((execution) => ({
        read: readOf(execution),
        task: divergingTasks.get(execution) ?? {},
      })),
    })),
  };
}

/** The reverse of `storeReplayed`. @throws Error for a read that the container does not have */
export function restoreReplayed(
  { claim: _claim, replayer, outcomes, causes, ...rest }: ResultOfCheck,
  commit: string | null,
  check: FetchedCheck,
): Replayed {
  const executions = check.reads.map((read) => executionOf(check, read));
  const at = (position: number): Execution => {
    const execution = executions[position];
    if (execution === undefined) throw new Error(`no read ${position} is in the container`);
    return execution;
  };
  return {
    ...rest,
    ...(commit === null ? {} : { commit }),
    ...(replayer === undefined
      ? {}
      : { replayer: { ...replayer, workflowTypes: replayer.workflowTypes ?? undefined } }),
    outcomes: outcomes.map(({ read, ...outcome }) => ({ execution: at(read), ...outcome })),
    causes: causes.map((finding) => restoreFinding(finding, at)),
  };
}

function restoreFinding(
  { executions, example, ...finding }: StoredFinding,
  at: (read: number) => Execution,
): DiagnosedFinding {
  return {
    ...finding,
    example: { execution: at(example.read), isRecorded: example.isRecorded },
    executions: executions.map(({ read }) => at(read)),
    divergingTasks: new Map(executions.map(({ read, task }) => [at(read), task])),
  };
}

/** The build ID to confirm, or null where there is nothing to replay. */
export function claimOf({ isToReplay, fetched: { claim } }: FetchedCheck): string | null {
  return isToReplay && claim?.kind === 'claimed' ? claim.buildId : null;
}

function describe({ language, sdkName, sdkVersion }: ReplayerDescription): ReplayerDescription {
  return { language, sdkName, sdkVersion };
}
