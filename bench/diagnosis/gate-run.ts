import { realpathSync } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { reviewDrift } from '../../src/diagnosis/drift.js';
import {
  FailureCollection,
  recordEach,
  type ReadWithHistory,
} from '../../src/diagnosis/failure-collection.js';
import { sourceLocation, type Frame } from '../../src/diagnosis/source-location.js';
import { prepareHistory } from '../../src/history/prepare-history.js';
import type { Drift } from '../../src/model/drift.js';
import type { Cause } from '../../src/model/cause.js';
import type { Finding, SourceLocation } from '../../src/model/finding.js';
import type { Outcome } from '../../src/model/outcome.js';
import { replayEnvironment } from '../../src/replay/environment.js';
import { replayHistories } from '../../src/replay/replay-histories.js';
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

/**
 * The gate's own parts, from histories to findings, on the code of one folder: one process, a second
 * recorded replay of what fails, and the diagnosis. No base line, so that it stands on its own.
 *
 * @param bundle path of what the worker ran: the replayer would bundle the same for itself, in a second of CPU
 */
export async function runGateOn(
  folder: string,
  workflows: string,
  bundle: string,
  takeOvers: readonly TakeOver[],
): Promise<GateAnswer[]> {
  const stop = new AbortController();
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  await copyFile(bundle, join(scratch, 'workflows.js'));
  const pool = new ReplayerPool(
    {
      file: process.execPath,
      args: [join(projectRoot, 'dist', 'replayers', 'typescript', 'index.js'), '--channel=3'],
      cwd: folder,
      environment: replayEnvironment(process.env),
    },
    {
      type: 'start',
      protocol: 1,
      workflows,
      options: { scratch, accelerate: true },
      namespace: 'default',
    },
    1,
    stop.signal,
  );
  try {
    const { language } = await pool.ready();
    pool.setWork(takeOvers.length);
    const failures = new FailureCollection();
    const outcomes: Outcome[] = [];
    const passed: Passed[] = [];
    const limits = { historyTimeoutMs: LIMIT_MS, stop: stop.signal, language };
    await replayHistories(reads(takeOvers), pool, limits, (judged) => {
      outcomes.push(judged.outcome);
      failures.add(judged);
      const { read, outcome } = judged;
      if (outcome.kind === 'passed' && read.kind === 'read') passed.push({ read });
    });
    await failures.record(pool, LIMIT_MS, stop.signal);
    const drift = new Map<Outcome['execution'], readonly Drift[]>();
    await recordEach(passed, pool, LIMIT_MS, stop.signal, ({ read }, result) => {
      const { execution, history } = read;
      const locate = (frame: Frame) => sourceLocation(frame, realpathSync(folder));
      const review = reviewDrift([{ execution, history: history.bytes, result }], { locate });
      drift.set(execution, review.differences);
    });
    const findings = diagnose(failures.all, { workspace: realpathSync(folder) });
    return takeOvers.map(({ execution }) => {
      const outcome = outcomes.find((one) => one.execution === execution);
      if (outcome === undefined) throw new Error(`${execution.workflowId} was not replayed`);
      const finding = findings.find((one) => one.executions.includes(execution));
      return { outcome, drift: drift.get(execution) ?? [], ...answerOf(finding) };
    });
  } finally {
    pool.close();
  }
}

async function* reads(
  takeOvers: readonly TakeOver[],
): AsyncGenerator<{ kind: 'read'; execution: TakeOver['execution']; history: History }> {
  await Promise.resolve();
  for (const { execution, events } of takeOvers) {
    yield { kind: 'read', execution, history: prepareHistory(events) };
  }
}

type History = ReturnType<typeof prepareHistory>;

interface Passed {
  readonly read: ReadWithHistory;
}

function answerOf(
  finding: Omit<Finding, 'weight'> | undefined,
): Omit<GateAnswer, 'outcome' | 'drift'> {
  if (finding === undefined) return {};
  const { cause, divergence, headline } = finding;
  const location = 'location' in divergence ? divergence.location : undefined;
  return { cause, headline, ...(location === undefined ? {} : { location }) };
}
