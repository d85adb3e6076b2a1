import { afterEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replayEnvironment } from '../../src/replay/environment.js';
import { ReplayerProcess, type ReplayResult } from '../../src/replay/replayer-process.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { aReplay, fakeReplayer, START, untilGone } from './fake-replayer.js';

/** Far more than a fake replayer needs. */
const AMPLE_MS = 10_000;

const NEVER = new AbortController().signal;

const started: ReplayerProcess[] = [];
afterEach(() => {
  for (const replayer of started.splice(0)) replayer.kill();
});

async function start(behaviour: string, file?: string): Promise<ReplayerProcess> {
  const result = await ReplayerProcess.start(fakeReplayer(behaviour, file), START, NEVER, AMPLE_MS);
  if (result.kind === 'failed') throw new Error(result.message);
  started.push(result.replayer);
  return result.replayer;
}

async function startFailure(behaviour: string, timeoutMs = AMPLE_MS): Promise<string> {
  const result = await ReplayerProcess.start(fakeReplayer(behaviour), START, NEVER, timeoutMs);
  if (result.kind === 'ready') throw new Error('it started');
  return result.message;
}

async function replay(behaviour: string): Promise<{ answer: ReplayResult; usable: boolean }> {
  const replayer = await start(behaviour);
  const answer = await replayer.replay(aReplay(), AMPLE_MS);
  // Whatever it said beside the result has been read by then.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { answer, usable: replayer.isUsable };
}

const PASSED = {
  answer: { kind: 'result', result: expect.objectContaining({ outcome: 'passed' }) as unknown },
  usable: true,
};

function died(message: string): object {
  return {
    answer: { kind: 'died', message: expect.stringContaining(message) as unknown },
    usable: false,
  };
}

describe('a replayer that keeps to the protocol', () => {
  it('tells what it is and replays one history after the other', async () => {
    const result = await ReplayerProcess.start(fakeReplayer('normal'), START, NEVER, AMPLE_MS);
    if (result.kind === 'failed') throw new Error(result.message);
    started.push(result.replayer);
    expect(result.ready).toMatchObject({ language: 'fake', sdk: { version: '1.2.3' } });
    for (const id of ['order-1', 'order-2', 'order-3']) {
      const answer = await result.replayer.replay(aReplay(id), AMPLE_MS);
      expect(answer).toMatchObject({ kind: 'result', result: { id: `run-1 ${id}` } });
    }
  });

  it('is told namespace, options and protocol version', async () => {
    const result = await ReplayerProcess.start(
      fakeReplayer('repeats the start'),
      { ...START, workflows: 'src/wf.ts', namespace: 'acme' },
      NEVER,
    );
    if (result.kind === 'failed') throw new Error(result.message);
    started.push(result.replayer);
    expect(JSON.parse(result.ready.workflowTypes?.[0] ?? '')).toEqual({
      type: 'start',
      protocol: 1,
      workflows: 'src/wf.ts',
      options: { scratch: '/nowhere', accelerate: true },
      namespace: 'acme',
      historyFormat: START.historyFormat,
    });
  });

  it.each([
    ['prints to standard output and error', 'prints'],
    ['sends fields that nobody knows', 'unknown fields'],
    ['sends blank lines', 'blank lines'],
    ['sends a line of 8 MB', 'long line'],
  ])('may be one that %s', async (_, behaviour) => {
    expect(await replay(behaviour)).toEqual(PASSED);
  });

  it('drops fields that nobody knows', async () => {
    const { answer } = await replay('unknown fields');
    expect(answer).toEqual({
      kind: 'result',
      result: { type: 'result', id: 'run-1 order-1', outcome: 'passed' },
    });
  });

  it('replays one history at a time', async () => {
    const replayer = await start('normal');
    const first = replayer.replay(aReplay('order-1'), AMPLE_MS);
    await expect(replayer.replay(aReplay('order-2'), AMPLE_MS)).rejects.toThrow('enough histories');
    expect(await first).toMatchObject({ kind: 'result' });
  });
});

describe('a replayer that takes two histories at a time', () => {
  it('may answer in any order', async () => {
    const replayer = await start('two side by side');
    expect(replayer.concurrency).toBe(2);
    const slow = replayer.replay(aReplay('slow 200'), AMPLE_MS);
    const quick = replayer.replay(aReplay('quick 1'), AMPLE_MS);
    expect(await Promise.race([slow, quick])).toMatchObject({ result: { id: 'run-1 quick 1' } });
    expect(await slow).toMatchObject({ result: { id: 'run-1 slow 200' } });
  });

  it('is given no third, and none twice', async () => {
    const replayer = await start('two side by side');
    const first = replayer.replay(aReplay('slow 200'), AMPLE_MS);
    await expect(replayer.replay(aReplay('slow 200'), AMPLE_MS)).rejects.toThrow('this history');
    const second = replayer.replay(aReplay('slow 201'), AMPLE_MS);
    await expect(replayer.replay(aReplay('slow 202'), AMPLE_MS)).rejects.toThrow(
      'enough histories',
    );
    expect([(await first).kind, (await second).kind]).toEqual(['result', 'result']);
  });

  it('has the whole limit for the second one too, when it takes one after the other', async () => {
    const replayer = await start('two, one after the other');
    const both = ['first 700', 'second 700'].map((id) => replayer.replay(aReplay(id), 1_000));
    expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(['result', 'result']);
  });

  it('costs the one behind nothing but another try when the first takes too long', async () => {
    const replayer = await start('two, one after the other');
    const both = ['never', 'second 1'].map((id) => replayer.replay(aReplay(id), 300));
    const [first, second] = await Promise.all(both);
    expect(first).toEqual({ kind: 'timeout' });
    expect(second).toMatchObject({
      kind: 'died',
      message: expect.stringContaining('another history') as unknown,
    });
    expect(replayer.isUsable).toBe(false);
  });

  it('is ended for one that never ends, although others pass beside it', async () => {
    const replayer = await start('two side by side');
    const never = replayer.replay(aReplay('never'), 300);
    let isOver = false as boolean;
    void never.then(() => (isOver = true));
    for (let number = 0; !isOver && number < 1_000; number += 1) {
      await replayer.replay(aReplay(`quick ${number % 9}`), 300);
    }
    expect(await never).toEqual({ kind: 'timeout' });
  });
});

describe('a replayer that breaks the protocol is killed, and the reason is told:', () => {
  it.each([
    ['broken line', 'a line that is not JSON: {"type":"result",'],
    ['not JSON', 'a line that is not JSON: Replaying now'],
    ['unknown message', 'a line that is no message of the protocol (type:'],
    ['unknown outcome', 'a line that is no message of the protocol (outcome:'],
    ['wrong id', 'a result that nobody asked for'],
    ['result before asked', 'a result that nobody asked for'],
    ['endless line', 'a line that is too long'],
    ['fatal late', 'it is over'],
    ['ready twice', 'said twice that it is ready'],
  ])('%s', async (behaviour, message) => {
    expect(await replay(behaviour)).toEqual(died(message));
  });

  it('result before ready', async () => {
    expect(await startFailure('result before ready')).toContain('a result that nobody asked for');
  });

  it('two results: the first counts, and there is no next one', async () => {
    expect(await replay('two results')).toEqual({
      answer: {
        kind: 'result',
        result: { type: 'result', id: 'run-1 order-1', outcome: 'errored', message: 'the first' },
      },
      usable: false,
    });
  });
});

describe('a replayer that ends', () => {
  it.each([
    ['exits before the start', 'it ended with code 3'],
    ['exits at the start', 'it ended with code 3; its last words: a last word\nand another'],
    ['dies at the start', 'it ended by SIGKILL'],
  ])('before it is ready has failed: %s', async (behaviour, message) => {
    expect(await startFailure(behaviour)).toBe(`the replayer failed: ${message}`);
  });

  it.each([
    ['exits once ready', 'it ended with code 4'],
    ['exits in a replay', 'it ended with code 5; its last words: out of luck'],
    ['exits with success in a replay', 'it ended with code 0'],
    ['dies in a replay', 'it ended by SIGSEGV'],
    ['no newline', 'it ended with code 0'],
  ])('owes the result: %s', async (behaviour, message) => {
    expect(await replay(behaviour)).toEqual(died(message));
  });

  it('right after its result has given it', async () => {
    expect(await replay('result and exit')).toEqual({ ...PASSED, usable: false });
  });

  it('is noticed although somebody else holds its pipes open', async () => {
    const file = join(await temporaryFolder('pids'), 'pid');
    const replayer = await start('exits and leaves somebody with its pipes', file);
    const answer = await replayer.replay(aReplay(), AMPLE_MS);
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    expect(answer).toEqual({ kind: 'died', message: 'it ended with code 6' });
  });

  it('gives the same answer to every later replay', async () => {
    const replayer = await start('exits in a replay');
    const first = await replayer.replay(aReplay(), AMPLE_MS);
    expect(await replayer.replay(aReplay(), AMPLE_MS)).toEqual(first);
  });
});

describe('a replayer that does not start', () => {
  it('is given up after the time-out', async () => {
    expect(await startFailure('never ready', 300)).toContain('it was not ready after 0.3 s');
    expect(await startFailure('never reads', 300)).toContain('it was not ready after 0.3 s');
  });

  it('says why, and what helps', async () => {
    expect(
      await ReplayerProcess.start(fakeReplayer('fatal at start'), START, NEVER, AMPLE_MS),
    ).toEqual({ kind: 'failed', message: 'no SDK', hint: 'install one' });
  });

  it('is a program that does not exist', async () => {
    const command = { ...fakeReplayer('normal'), file: 'no-such-program' };
    const result = await ReplayerProcess.start(command, START, NEVER, AMPLE_MS);
    expect(result).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(
        /ended with code 127.*no-such-program: not found/su,
      ) as unknown,
    });
  });

  it('has a working directory that does not exist', async () => {
    const command = { ...fakeReplayer('normal'), cwd: '/no/such/folder' };
    const result = await ReplayerProcess.start(command, START, NEVER, AMPLE_MS);
    expect(result).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('cannot be started') as unknown,
    });
  });

  it('is not even tried in a run that was stopped', async () => {
    const result = await ReplayerProcess.start(fakeReplayer('normal'), START, AbortSignal.abort());
    expect(result).toEqual({ kind: 'failed', message: 'the run was stopped' });
  });

  it('is stopped with the run', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const result = await ReplayerProcess.start(
      fakeReplayer('never ready'),
      START,
      controller.signal,
      AMPLE_MS,
    );
    expect(result).toEqual({ kind: 'failed', message: 'the run was stopped' });
  });
});

describe('a replay that never ends', () => {
  it('is killed at its limit, deaf to SIGTERM as it is, with what it started', async () => {
    const file = join(await temporaryFolder('pids'), 'pids');
    const replayer = await start('loops in a replay', file);
    const pids = readFileSync(file, 'utf8').split(' ').map(Number);
    expect(pids).toHaveLength(2);
    const before = Date.now();
    expect(await replayer.replay(aReplay(), 300)).toEqual({ kind: 'timeout' });
    expect(Date.now() - before).toBeLessThan(2_000);
    expect(replayer.isUsable).toBe(false);
    await untilGone(pids);
  });

  it('ends when it is stopped', async () => {
    const file = join(await temporaryFolder('pids'), 'pids');
    const replayer = await start('loops in a replay', file);
    const answer = replayer.replay(aReplay(), AMPLE_MS);
    replayer.kill();
    expect(await answer).toEqual({ kind: 'stopped' });
    await untilGone(readFileSync(file, 'utf8').split(' ').map(Number));
  });
});

describe('the environment of a replayer', () => {
  it('holds what programs need and nothing else', async () => {
    const parent = {
      ...{
        PATH: '/usr/bin:/bin',
        HOME: '/home/runner',
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        TMPDIR: '/tmp',
      },
      ...canaries(
        ...['TEMPORAL_API_KEY', 'TEMPORAL_ADDRESS', 'TEMPORAL_TLS_CLIENT_KEY_DATA'],
        ...['INPUT_CLIENT-KEY', 'INPUT_API-KEY', 'INPUT_GITHUB-TOKEN', 'STATE_token'],
        ...['GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_WORKSPACE'],
        ...['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ACTIONS_CACHE_URL'],
        ...['AWS_SECRET_ACCESS_KEY', 'NPM_TOKEN', 'SSH_AUTH_SOCK', 'DOCKER_HOST'],
        ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'LD_PRELOAD', 'LD_LIBRARY_PATH'],
        ...['BASH_ENV', 'ENV', 'IFS', 'PS4', 'path', 'Path', 'HTTPS_PROXY', 'XDG_CONFIG_HOME'],
      ),
    };
    const command = {
      ...fakeReplayer('environment'),
      environment: replayEnvironment(parent, 'typescript'),
    };
    const result = await ReplayerProcess.start(command, START, NEVER, AMPLE_MS);
    if (result.kind === 'failed') throw new Error(result.message);
    started.push(result.replayer);
    const answer = await result.replayer.replay(aReplay(), AMPLE_MS);
    if (answer.kind !== 'result') throw new Error('no result');
    const {
      PWD: _,
      OLDPWD: __,
      SHLVL: ___,
      _: ____,
      ...seen
    } = JSON.parse(answer.result.message ?? '{}') as Record<string, string>;
    expect(seen).toEqual({
      PATH: '/usr/bin:/bin',
      HOME: '/home/runner',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      TMPDIR: '/tmp',
    });
  });

  it('comes from the command alone, never from the process that starts it', async () => {
    process.env['TEMPORAL_API_KEY'] = 'canary';
    try {
      const { answer } = await replay('environment');
      expect(JSON.stringify(answer)).not.toContain('canary');
    } finally {
      delete process.env['TEMPORAL_API_KEY'];
    }
  });
});

function canaries(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'canary']));
}
