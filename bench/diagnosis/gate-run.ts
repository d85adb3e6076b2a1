import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { compareWithBaseline } from '../../src/diagnosis/compare-with-baseline.js';
import { diagnose, type Failure } from '../../src/diagnosis/diagnose.js';
import { reviewDrift } from '../../src/diagnosis/drift.js';
import {
  FailureCollection,
  recordEach,
  type ReadWithHistory,
} from '../../src/diagnosis/failure-collection.js';
import { sourceLocation, type Frame } from '../../src/diagnosis/source-location.js';
import { prepareHistory } from '../../src/history/prepare-history.js';
import { HistoryMessage } from '../../src/history/proto.js';
import type { Drift } from '../../src/model/drift.js';
import type { Cause } from '../../src/model/cause.js';
import type { Finding, SourceLocation } from '../../src/model/finding.js';
import type { Outcome } from '../../src/model/outcome.js';
import { replayEnvironment } from '../../src/replay/environment.js';
import { replayHistories, type ReplayLimits } from '../../src/replay/replay-histories.js';
import { ReplayerPool } from '../../src/replay/replayer-pool.js';
import { projectRoot } from '../../testing/project-root.js';
import type { TakeOver } from './truth/take-over.js';

/** What the gate says of one history. */
export interface GateAnswer {
  readonly outcome: Outcome;
  readonly cause?: Cause;
  readonly location?: SourceLocation;
  readonly headline?: string;
  /** What replay lets pass, of this history alone. */
  readonly drift: readonly Drift[];
}

/** Milliseconds for one history; more than any here needs. */
const LIMIT_MS = 30_000;

/** Folder of what replays: as it is shipped. */
export const REPLAYER = join(projectRoot, 'dist', 'replayers', 'typescript');

/** One history, replayed: on the code of the edit, and on the base where it broke. */
interface Replayed {
  readonly outcome: Outcome;
  readonly failure?: Failure;
  /** What replay lets pass. */
  readonly drift: readonly Drift[];
}

/** Code that histories are replayed on. */
export interface Code {
  /** Absolute path of the folder that holds the workflows. */
  readonly folder: string;
  /** The workflows' file in it. */
  readonly workflows: string;
  /** Path of what the worker ran: the replayer would bundle the same for itself, in a second of CPU. */
  readonly bundle: string;
  /** Path of a folder that holds the bundles of all replays of this code. */
  readonly scratch: string;
}

/**
 * The gate's own parts, from histories to failures, on the code of an edit and on its base: one process
 * each, and a second recorded replay of what fails.
 */
export async function replayEdit(
  edit: Code,
  base: Code,
  takeOvers: readonly TakeOver[],
): Promise<Replayed[]> {
  const failures = new FailureCollection();
  const outcomes: Outcome[] = [];
  const drift = new Map<Outcome['execution'], readonly Drift[]>();
  await withReplayers(edit, async (pool, limits) => {
    const passed: { readonly read: ReadWithHistory }[] = [];
    pool.setWork(takeOvers.length);
    await replayHistories(reads(takeOvers), pool, limits, (judged) => {
      outcomes.push(judged.outcome);
      failures.add(judged);
      const { read, outcome } = judged;
      if (outcome.kind === 'passed' && read.kind === 'read') passed.push({ read });
    });
    await failures.record(pool, LIMIT_MS, limits.stop);
    await recordEach(passed, pool, LIMIT_MS, limits.stop, ({ read }, result) => {
      const { execution, history } = read;
      const locate = (frame: Frame) => sourceLocation(frame, realpathSync(edit.folder));
      const review = reviewDrift([{ execution, history: history.bytes, result }], { locate });
      drift.set(execution, review.differences);
    });
  });
  if (failures.kept.length > 0) {
    await withReplayers(base, (pool, limits) => compareWithBaseline(failures, pool, limits));
  }
  return takeOvers.map(({ execution }) => {
    const outcome = outcomes.find((one) => one.execution === execution);
    if (outcome === undefined) throw new Error(`${execution.workflowId} was not replayed`);
    const failure = failures.all.find((one) => one.outcome === outcome);
    return {
      outcome,
      drift: drift.get(execution) ?? [],
      ...(failure === undefined ? {} : { failure }),
    };
  });
}

/**
 * What the gate says of the histories of one edit.
 *
 * @param base folder of the base, for a gate that has a base line
 */
export function answersOf(
  replayed: readonly Replayed[],
  folder: string,
  base?: string,
): GateAnswer[] {
  const checkouts = {
    workspace: realpathSync(folder),
    ...(base === undefined ? {} : { baseline: realpathSync(base) }),
  };
  const failures = replayed.flatMap(({ failure }) => {
    if (failure === undefined) return [];
    const { baseline, ...alone } = failure;
    return [base === undefined || baseline === undefined ? alone : { ...alone, baseline }];
  });
  const findings = diagnose(failures, checkouts);
  return replayed.map(({ outcome, drift }) => {
    const finding = findings.find(({ executions }) =>
      executions.some(({ workflowId }) => workflowId === outcome.execution.workflowId),
    );
    return { outcome, drift, ...answerOf(finding) };
  });
}

async function withReplayers(
  { folder, workflows, bundle, scratch }: Code,
  work: (pool: ReplayerPool, limits: ReplayLimits) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  await mkdir(scratch, { recursive: true });
  const ready = join(scratch, 'workflows.js');
  if (!existsSync(ready)) {
    // Another edit of the same base may be about to read it.
    const temporary = `${ready}.${randomUUID()}`;
    await copyFile(bundle, temporary);
    await rename(temporary, ready);
  }
  const pool = new ReplayerPool({
    program: Promise.resolve({
      command: {
        file: process.execPath,
        args: [join(REPLAYER, 'index.js'), '--channel=3'],
        cwd: folder,
        environment: replayEnvironment(process.env, 'typescript'),
      },
      message: {
        type: 'start',
        protocol: 1,
        workflows,
        options: { scratch, accelerate: true },
        namespace: 'default',
      },
    }),
    concurrency: 1,
    signal: stop.signal,
  });
  try {
    const { language } = await pool.ready();
    await work(pool, { historyTimeoutMs: LIMIT_MS, stop: stop.signal, language });
  } finally {
    pool.close();
  }
}

async function* reads(
  takeOvers: readonly TakeOver[],
): AsyncGenerator<{ kind: 'read'; execution: TakeOver['execution']; history: History }> {
  await Promise.resolve();
  for (const { execution, history } of takeOvers) {
    const { events } = HistoryMessage.decode(history);
    yield { kind: 'read', execution, history: prepareHistory(events) };
  }
}

type History = ReturnType<typeof prepareHistory>;

function answerOf(
  finding: Omit<Finding, 'weight'> | undefined,
): Omit<GateAnswer, 'outcome' | 'drift'> {
  if (finding === undefined) return {};
  const { cause, divergence, headline } = finding;
  const location = 'location' in divergence ? divergence.location : undefined;
  return { cause, headline, ...(location === undefined ? {} : { location }) };
}
