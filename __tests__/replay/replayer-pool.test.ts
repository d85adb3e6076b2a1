import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Isolation } from '../../src/model/isolation.js';
import { UserError } from '../../src/model/user-error.js';
import type { ReplayerProcess } from '../../src/replay/replayer-process.js';
import { allowedProcessors, processorsIn } from '../../src/replay/processors.js';
import { ReplayerPool, type PoolSettings } from '../../src/replay/replayer-pool.js';
import { LINUX, skipUnless } from '../../testing/skip-unless.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { aReplay, fakeReplayer, START, untilGone } from './fake-replayer.js';

const NAMESPACED: Isolation = { rung: 'namespaced', sealed: true, root: false };

const pools: ReplayerPool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

/** What each of those who work takes. */
async function takenBy(
  pool: ReplayerPool,
  start: (work: (number: number) => Promise<void>) => Promise<void>[],
): Promise<ReplayerProcess[]> {
  const taken: ReplayerProcess[] = [];
  await Promise.all(
    start(async (number) => {
      taken[number] = await pool.take(number);
    }),
  );
  return taken;
}

function aPool(
  behaviour: string,
  options: Partial<Omit<PoolSettings, 'program'>> & {
    file?: string;
    isolation?: Isolation;
    threadsTakeTurns?: boolean;
  } = {},
): ReplayerPool {
  const { file, isolation, threadsTakeTurns = false, ...settings } = options;
  const pool = new ReplayerPool({
    program: Promise.resolve({
      command: { ...fakeReplayer(behaviour, file), threadsTakeTurns },
      message: START,
      ...(isolation === undefined ? {} : { isolation }),
    }),
    concurrency: 2,
    signal: new AbortController().signal,
    ...settings,
  });
  pools.push(pool);
  // Enough for both.
  pool.setWork(100);
  return pool;
}

async function lanesFor(histories: number, concurrency: number): Promise<number> {
  const pool = aPool('normal', { concurrency });
  pool.setWork(histories);
  const lanes: number[] = [];
  await Promise.all(
    pool.lanes(async (lane) => {
      lanes.push(lane);
    }),
  );
  return lanes.length;
}

async function pidOf(replayer: ReplayerProcess): Promise<number> {
  const answer = await replayer.replay(aReplay(), 10_000);
  if (answer.kind !== 'result') throw new Error('no result');
  return Number(/by (\d+)/u.exec(answer.result.message ?? '')?.[1]);
}

/** Elsewhere nobody can be told where to run. */
const onLinux = skipUnless(LINUX).it;

function statusOf(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}

/** As the kernel writes them. */
function processorsOf(pid: number): string {
  return processorsIn(statusOf(pid)).join();
}

describe('a pool of replayers', () => {
  it('tells what the replayer is', async () => {
    expect(await aPool('normal').ready()).toEqual({
      language: 'fake',
      sdkName: 'fake-sdk',
      sdkVersion: '1.2.3',
      workflowTypes: undefined,
    });
  });

  it.each([
    ['no history', 0, 4, 1],
    ['few histories', 50, 4, 1],
    ['some', 51, 4, 2],
    ['many', 10_000, 4, 4],
    ['many, but one at a time', 10_000, 1, 1],
  ])('works with a process for each 50 histories: %s', async (_, histories, concurrency, lanes) => {
    expect(await lanesFor(histories, concurrency)).toBe(lanes);
  });

  it('has a lane for each history that its processes take at a time, and shares them evenly', async () => {
    const pool = aPool('two side by side');
    await pool.ready();
    const processes: ReplayerProcess[] = [];
    await Promise.all(
      pool.lanes(async (lane) => {
        processes[lane] = await pool.take(lane);
      }),
    );
    expect(processes).toHaveLength(4);
    expect(new Set(processes).size).toBe(2);
    expect(processes[0]).toBe(processes[2]);
    processes[1]?.kill();
    const [one, other] = await Promise.all([pool.take(1), pool.take(3)]);
    expect(one).toBe(other);
    expect(one.isUsable).toBe(true);
    expect(await pool.take(0)).toBe(processes[0]);
  });

  onLinux(
    'keeps each process on a processor of its own where its threads take turns and there is one for all',
    async () => {
      const all = allowedProcessors();
      const pool = aPool('by workflow ID', { threadsTakeTurns: true, concurrency: all.length });
      pool.setWork(all.length * 50);
      const taken = await Promise.all(all.map((_, lane) => pool.take(lane)));
      const pids = await Promise.all(taken.map(pidOf));
      const expected = all.map((processor) => String(processor));
      while (String(pids.map(processorsOf)) !== String(expected)) await sleep(20);
      expect(pids.map(processorsOf)).toEqual(expected);
    },
  );

  onLinux('lets the kernel choose where there are more processors than processes', async () => {
    const pool = aPool('by workflow ID', { threadsTakeTurns: true, concurrency: 1 });
    const pid = await pidOf(await pool.take(0));
    await sleep(200);
    expect(processorsIn(statusOf(pid))).toEqual(allowedProcessors());
  });

  it('gives the first process to one lane and a new one to every other', async () => {
    const pool = aPool('by workflow ID');
    const [one, two] = await Promise.all([pool.take(0), pool.take(1)]);
    expect(await pidOf(one)).not.toBe(await pidOf(two));
  });

  it('gives a lane a new process when its own was killed', async () => {
    const pool = aPool('by workflow ID');
    const first = await pool.take(0);
    first.kill();
    const second = await pool.take(0);
    expect(second).not.toBe(first);
    expect(second.isUsable).toBe(true);
    expect(await pidOf(second)).toBeGreaterThan(0);
  });

  it('gives a fresh process the machine for itself', async () => {
    const pool = aPool('by workflow ID');
    const others = await Promise.all([pool.take(0), pool.take(1)]);
    const pids = await Promise.all(others.map(pidOf));
    const fresh = await pool.takeFresh();
    expect(others.map((other) => other.isUsable)).toEqual([false, false]);
    await untilGone(pids);
    const again = await pool.takeFresh();
    expect(fresh.isUsable).toBe(false);
    expect(await pidOf(again)).toBeGreaterThan(0);
  });

  it('ends all processes when it is closed, and may be closed twice', async () => {
    const pool = aPool('by workflow ID');
    const pids = [await pidOf(await pool.take(0)), await pidOf(await pool.take(1))];
    expect(new Set(pids).size).toBe(2);
    pool.close();
    pool.close();
    await untilGone(pids);
  });

  it('ends all processes when the job is cancelled, also in a replay', async () => {
    const controller = new AbortController();
    const file = join(await temporaryFolder('pids'), 'pids');
    const pool = aPool('loops in a replay', { file, signal: controller.signal });
    const replayer = await pool.take(0);
    const answer = replayer.replay(aReplay(), 60_000);
    controller.abort();
    expect(await answer).toEqual({ kind: 'stopped' });
    await untilGone(readFileSync(file, 'utf8').split(' ').map(Number));
    await expect(pool.takeFresh()).rejects.toThrow('the run was stopped');
  });

  it('leaves no process of a start that was under way when it was closed', async () => {
    const pool = aPool('by workflow ID');
    await pool.take(0);
    const starting = pool.take(1);
    pool.close();
    await expect(starting).rejects.toThrow();
  });

  it('gives each process by its number, also where each has several lanes, and a new one for one that ended', async () => {
    const pool = aPool('two side by side');
    await pool.ready();
    const lanes = await takenBy(pool, (work) => pool.lanes(work));
    expect(lanes).toHaveLength(4);
    const processes = await takenBy(pool, (work) => pool.processes(work));
    expect(processes).toEqual(lanes.slice(0, 2));
    processes[0]?.kill();
    const [another, same] = await takenBy(pool, (work) => pool.processes(work));
    expect(lanes).not.toContain(another);
    expect(same).toBe(processes[1]);
  });

  it('goes on with the fresh process after a lone retry', async () => {
    const pool = aPool('by workflow ID');
    await pool.take(0);
    const fresh = await pool.takeFresh();
    expect(await pool.take(0)).toBe(fresh);
  });

  it('says what a user can do when no process starts', async () => {
    const error: unknown = await aPool('fatal at start')
      .ready()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      found: 'The workflow code cannot be replayed: no SDK',
      fix: 'install one',
    });
  });

  it('says with it what decided which replayer it is', async () => {
    const hint = 'the code was taken for python, because setup.py is there';
    await expect(aPool('fatal at start', { hint }).ready()).rejects.toMatchObject({
      fix: `install one; ${hint}`,
    });
    await expect(aPool('exits at the start', { hint }).ready()).rejects.toMatchObject({
      fix: hint,
    });
  });

  it('tells its isolation', async () => {
    expect(await aPool('normal', { isolation: NAMESPACED }).ready()).toMatchObject({
      isolation: NAMESPACED,
    });
  });

  describe('a lesser rung of isolation is a way out', () => {
    it.each([
      "EACCES: permission denied, open '/srv/keys.json'",
      'connect EPERM /var/run/docker.sock',
      'kill ESRCH',
      "the module workflows (input workflows) cannot be imported: PermissionError: [Errno 13] Permission denied: '/srv/keys.json' (workflows.py:3)",
      'the module workflows (input workflows) cannot be imported: ProcessLookupError: [Errno 3] No such process (workflows.py:3)',
      "the module workflows (input workflows) cannot be imported: CalledProcessError: Command '['sudo', '-n', 'true']' returned non-zero exit status 1. (workflows.py:3)",
      'the process ended by a panic: open /srv/keys.json: permission denied at /app/wf/wf.go:18',
      'the process ended by a panic: dial unix /var/run/docker.sock: connect: permission denied',
      'the replayer failed: it ended with code 1; its last words: sudo: The "no new privileges" flag is set, which prevents sudo from running as root.\nsudo: run it elsewhere',
      'the replayer failed: it ended with code 1; its last words: mount: /mnt: Operation not permitted\nexit status 1',
      'java.nio.file.AccessDeniedException: /srv/keys.json',
      'java.io.FileNotFoundException: /srv/keys.json (Permission denied)',
      'Cannot run program "docker": error=13, Permission denied',
    ])('where the system refused something: %s', async (message) => {
      const pool = aPool('fatal at start', { isolation: NAMESPACED, file: message });
      await expect(pool.ready()).rejects.toMatchObject({
        fix: expect.stringMatching(
          /^install one; isolation namespaced takes away sudo.*set isolation to a lesser rung/u,
        ) as unknown,
      });
    });

    it.each([
      'the module workflows (input workflows) has no OrderFlow',
      "the module workflows (input workflows) cannot be imported: ModuleNotFoundError: No module named 'sudo' (workflows.py:1)",
      'the module workflows (input workflows) cannot be imported: SyntaxError: invalid syntax (workflows.py:7)',
      "the module workflows (input workflows) cannot be imported: KeyError: 'PERMISSION_DENIED' (workflows.py:7)",
      "the module workflows (input workflows) cannot be imported: FileNotFoundError: [Errno 2] No such file or directory: '/srv/keys.json'",
      'the workflow code does not compile: # app/wf\nwf/wf.go:10:25: undefined: Register',
      'the process ended by a panic: missing API_KEY at /app/wf/wf.go:18',
      'the workflow code does not compile: git@github.com: Permission denied (publickey).',
      'PermissionDenied: 403 Permission denied on resource project orders',
      'psycopg2.errors.InsufficientPrivilege: permission denied for table orders',
      'software.amazon.awssdk.services.kms.model.AccessDeniedException: not authorized',
      "ENOENT: no such file or directory, open '/app/workflows.ts'",
    ])('and not where the code or a service failed: %s', async (message) => {
      const pool = aPool('fatal at start', { isolation: NAMESPACED, file: message });
      await expect(pool.ready()).rejects.toMatchObject({ fix: 'install one' });
    });

    it('nor where there is none below', async () => {
      const isolation = { ...NAMESPACED, rung: 'environment' } as const;
      const pool = aPool('fatal at start', { isolation, file: 'connect EPERM /run/x.sock' });
      await expect(pool.ready()).rejects.toMatchObject({ fix: 'install one' });
    });
  });

  it('gives no process that has loaded what must not be replayed', async () => {
    const pool = aPool('normal', {
      refuse: ({ language }) => `${language} is the code under test`,
    });
    await expect(pool.ready()).rejects.toThrow(/cannot be replayed: fake is the code under test/u);
    await expect(pool.take(0)).rejects.toThrow(/the code under test/u);
    await expect(pool.takeFresh()).rejects.toThrow(/the code under test/u);
  });

  it('fails where its program cannot be found, without an unhandled rejection', async () => {
    const program = Promise.reject(new UserError({ found: 'There is no interpreter' }));
    const pool = new ReplayerPool({
      program,
      concurrency: 1,
      signal: new AbortController().signal,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(pool.ready()).rejects.toThrow('There is no interpreter');
  });

  it('need not be asked whether it started', async () => {
    const pool = aPool('exits at the start');
    // Nobody waits for it: a failure that nobody saw must not end us.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(pool.take(0)).rejects.toThrow('cannot be replayed');
  });
});
