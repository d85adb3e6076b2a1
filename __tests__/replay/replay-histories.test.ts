import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryRead } from '../../src/model/history.js';
import {
  replayHistories,
  type JudgedRead,
  type ReplayLimits,
} from '../../src/replay/replay-histories.js';
import { ReplayerPool } from '../../src/replay/replayer-pool.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { anExecution } from '../builders/executions.js';
import { aRead, fakeReplayer, START, untilGone } from './fake-replayer.js';
import { leftOut, type LeftOut } from '../../src/replay/left-out.js';
import { isUnregisteredType } from '../../src/temporal/sdk-message.js';
import { languageOf } from '../../src/temporal/sdk-languages.js';

/** Long enough for a busy machine, short enough to wait for. */
const LIMIT_MS = 500;

const pools: ReplayerPool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

interface Run {
  readonly behaviour?: string;
  readonly file?: string;
  readonly lanes?: number;
  readonly stop?: AbortSignal;
  readonly cancelled?: AbortSignal;
  readonly limitMs?: number;
  readonly leftOut?: LeftOut;
  readonly onJudged?: (judged: JudgedRead) => void;
}

/** Replays with fake replayers that do what the first word of a workflow ID says. */
async function run(reads: AsyncIterable<HistoryRead>, options: Run = {}): Promise<JudgedRead[]> {
  const cancelled = options.cancelled ?? new AbortController().signal;
  const lanes = options.lanes ?? 1;
  const pool = new ReplayerPool({
    program: Promise.resolve({
      command: fakeReplayer(options.behaviour ?? 'by workflow ID', options.file),
      message: START,
    }),
    concurrency: lanes,
    signal: cancelled,
  });
  pools.push(pool);
  pool.setWork(lanes * 50);
  await pool.ready();
  const judged: JudgedRead[] = [];
  const limits: ReplayLimits = {
    historyTimeoutMs: options.limitMs ?? LIMIT_MS,
    languageOf,
    stop: options.stop ?? cancelled,
    language: 'typescript',
    sdkVersion: '1.8.0',
    ...(options.leftOut === undefined ? {} : { leftOut: options.leftOut }),
  };
  await replayHistories(reads, pool, limits, (one) => {
    judged.push(one);
    options.onJudged?.(one);
  });
  return judged;
}

async function* stream(...reads: readonly (HistoryRead | string)[]): AsyncGenerator<HistoryRead> {
  for (const read of reads) yield typeof read === 'string' ? aRead(read) : read;
}

function kinds(judged: readonly JudgedRead[]): string[] {
  return judged.map(({ outcome }) => `${outcome.execution.workflowId}: ${outcome.kind}`);
}

/** The replay process that a fake replayer's result names. */
function processOf(judged: JudgedRead | undefined): string | undefined {
  return /by (\d+)/u.exec(judged?.outcome.message ?? '')?.[1];
}

describe('histories that come', () => {
  it('are judged one by one, by one process', async () => {
    const judged = await run(stream('a', 'breaks', 'b'));
    expect(kinds(judged)).toEqual(['a: passed', 'breaks: nondeterministic', 'b: passed']);
    expect(judged[1]?.outcome).toMatchObject({ message: 'it broke' });
    expect(judged[0]?.outcome).toMatchObject({ durationMs: 1 });
    expect(processOf(judged[0])).toBe(processOf(judged[2]));
  });

  it('are shared among as many processes as there are lanes', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `order-${index}`);
    const judged = await run(stream(...ids), { lanes: 3 });
    expect(new Set(kinds(judged))).toEqual(new Set(ids.map((id) => `${id}: passed`)));
    expect(judged).toHaveLength(40);
    expect(new Set(judged.map(processOf)).size).toBeGreaterThan(1);
  });

  it('are each judged once by processes that take two at a time, also when one of them never ends', async () => {
    const ids = ['a 1', 'b 2', 'never', 'c 1', 'd 2', 'e 1'];
    const judged = await run(stream(...ids), { behaviour: 'two side by side', limitMs: 200 });
    expect(kinds(judged).sort()).toEqual(
      ids.map((id) => `${id}: ${id === 'never' ? 'errored' : 'passed'}`).sort(),
    );
  });

  it('without anything to replay cost no replay', async () => {
    const execution = anExecution({ workflowId: 'x' });
    const judged = await run(
      stream(
        { kind: 'gone', execution },
        { kind: 'unreadable', execution, message: 'it has a gap' },
        aRead('dies', { completedTasks: 0 }),
        aRead('dies', { sdkName: 'temporal-go' }),
      ),
    );
    expect(judged.map(({ outcome }) => [outcome.kind, outcome.message])).toEqual([
      ['gone', 'it vanished between the listing and the read'],
      ['errored', 'it has a gap'],
      ['skipped', 'it has completed no workflow task yet'],
      ['errored', expect.stringContaining('the go SDK')],
    ]);
  });

  it('of a newer SDK are said to be so where they cannot be judged, and only there', async () => {
    const judged = await run(
      stream(
        aRead('errs', { sdkVersion: '1.24.0' }),
        aRead('errs', { sdkVersion: '1.8.0' }),
        aRead('breaks', { sdkVersion: '1.24.0' }),
      ),
    );
    expect(judged.map(({ outcome }) => [outcome.kind, outcome.message])).toEqual([
      [
        'errored',
        'no idea. SDK 1.24.0 wrote its history, and the code under test has the older 1.8.0',
      ],
      ['errored', 'no idea'],
      ['nondeterministic', 'it broke'],
    ]);
  });

  it('of a type that discovery may have left out break nothing: what it left out is named', async () => {
    const skipped = [
      { what: 'legacy.py', why: 'it cannot be imported' },
      ...['b', 'c', 'd', 'e'].map((what) => ({ what, why: 'a test' })),
    ];
    const reads = () => stream('unregistered', 'breaks', 'a');
    expect(kinds(await run(reads()))).toEqual([
      'unregistered: task-failed',
      'breaks: nondeterministic',
      'a: passed',
    ]);
    const judged = await run(reads(), leftOut(skipped, isUnregisteredType));
    expect(kinds(judged)).toEqual([
      'unregistered: errored',
      'breaks: nondeterministic',
      'a: passed',
    ]);
    expect(judged[0]?.outcome.message).toBe(
      'No workflow type orderWorkflow was found, but not everything was looked into: legacy.py (it cannot be ' +
        'imported); b (a test); c (a test); 2 more. If the type is there, mend what kept it out, or name it in the ' +
        'input workflows',
    );
  });

  it('are none', async () => {
    expect(await run(stream())).toEqual([]);
  });
});

describe('a history that ends its replayer', () => {
  it('costs only itself: the rest goes to a fresh process', async () => {
    const judged = await run(stream('a', 'dies', 'b', 'c'));
    expect(kinds(judged)).toEqual(['a: passed', 'b: passed', 'c: passed', 'dies: errored']);
    expect(processOf(judged[1])).not.toBe(processOf(judged[0]));
    expect(processOf(judged[2])).toBe(processOf(judged[1]));
    expect(judged[3]?.outcome.message).toBe(
      'the replay process died, even alone: it ended with code 1',
    );
  });

  it('is judged when it does not end a process of its own', async () => {
    const file = join(await temporaryFolder('once'), 'mark');
    expect(kinds(await run(stream('dies-once', 'a'), { file }))).toEqual([
      'a: passed',
      'dies-once: passed',
    ]);
  });

  it('is tried twice, whatever the number of processes', async () => {
    const judged = await run(stream('dies 1', 'dies 2', 'a', 'dies 3', 'b'), { lanes: 2 });
    expect(kinds(judged).sort()).toEqual([
      ...['a: passed', 'b: passed'],
      ...['dies 1: errored', 'dies 2: errored', 'dies 3: errored'],
    ]);
  });

  it('does so every time a process starts: nothing is judged twice, nothing is lost', async () => {
    const judged = await run(stream('a', 'b'), { behaviour: 'exits in a replay' });
    expect(kinds(judged)).toEqual(['a: errored', 'b: errored']);
  });
});

describe('large histories that kill their replayer', () => {
  it('do not all wait to be tried again: what does not fit has failed', async () => {
    async function* source(): AsyncGenerator<HistoryRead> {
      await Promise.resolve();
      for (const id of ['dies', 'dies too', 'a']) {
        yield aRead(id, id === 'a' ? {} : { bytes: new Uint8Array(40 * 1024 * 1024) });
      }
    }
    const judged = await run(source(), { limitMs: 10_000 });
    expect(kinds(judged)).toEqual(['dies too: errored', 'a: passed', 'dies: errored']);
    expect(judged[0]?.outcome.message).toContain('too many failed histories wait for a retry');
    expect(judged[2]?.outcome.message).toContain('the replay process died, even alone');
  });
});

describe('a history that takes too long', () => {
  it('is tried again with four times the limit', async () => {
    const judged = await run(stream('late', 'a'));
    expect(kinds(judged)).toEqual(['a: passed', 'late: passed']);
  });

  it('has failed when that is not enough either', async () => {
    const judged = await run(stream('loops', 'a'), { limitMs: 200 });
    expect(kinds(judged)).toEqual(['a: passed', 'loops: errored']);
    expect(judged[1]?.outcome.message).toBe(
      'it did not end within 0.8 s, even alone: an endless loop, or a very long history',
    );
  });
});

describe('a run that is stopped', () => {
  it('takes no further history', async () => {
    const controller = new AbortController();
    const judged = await run(stream('a', 'b', 'c'), {
      stop: controller.signal,
      onJudged: () => controller.abort(),
    });
    expect(kinds(judged)).toEqual(['a: passed']);
  });

  it('ends the source, also with histories left in it', async () => {
    const controller = new AbortController();
    let ended = false;
    async function* source(): AsyncGenerator<HistoryRead> {
      try {
        for (;;) yield aRead('a');
      } finally {
        ended = true;
      }
    }
    await run(source(), { stop: controller.signal, onJudged: () => controller.abort() });
    expect(ended).toBe(true);
  });

  it('does not try again, and says so', async () => {
    const controller = new AbortController();
    const judged = await run(stream('dies', 'a'), {
      stop: controller.signal,
      onJudged: () => controller.abort(),
    });
    expect(judged.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'passed' },
      { kind: 'errored', message: 'it failed once, and there was no time to try again' },
    ]);
  });

  it('ends at once when the job is cancelled, and no process stays', async () => {
    const controller = new AbortController();
    const file = join(await temporaryFolder('pids'), 'pids');
    const judging = run(stream('a', 'b'), {
      behaviour: 'loops in a replay',
      file,
      cancelled: controller.signal,
      limitMs: 60_000,
    });
    setTimeout(() => controller.abort(), 500);
    const before = Date.now();
    expect(await judging).toEqual([]);
    expect(Date.now() - before).toBeLessThan(5_000);
    await untilGone(readFileSync(file, 'utf8').split(' ').map(Number));
  });
});

describe('a run that cannot go on', () => {
  it('fails when the source does, and ends no sooner than its lanes', async () => {
    async function* source(): AsyncGenerator<HistoryRead> {
      yield aRead('late');
      throw new Error('the server is gone');
    }
    const judged: string[] = [];
    await expect(
      run(source(), {
        lanes: 2,
        limitMs: 5_000,
        onJudged: ({ outcome }) => judged.push(outcome.execution.workflowId),
      }),
    ).rejects.toThrow('the server is gone');
    // What was under way was judged before, and nothing is afterwards.
    expect(judged).toEqual(['late']);
  });
});
