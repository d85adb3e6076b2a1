import { afterEach, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ISOLATION_RUNGS, weakest, type IsolationRung } from '../../src/model/isolation.js';
import { findIsolation, type Machine, type ProbedIsolation } from '../../src/replay/isolation.js';
import { type IsolationWay } from '../../src/replay/isolation-way.js';
import { endAllReplayers, ReplayerProcess } from '../../src/replay/replayer-process.js';
import { endGroup, runIsolated } from '../../src/replay/run-isolated.js';
import { given, LINUX, skipUnless } from '../../testing/skip-unless.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { aReplay, fakeReplayer, START, untilGone } from './fake-replayer.js';

/** Every rung that this machine has: a process on it is started, limited and ended as on any other. */

const AMPLE_MS = 60_000;
const NEVER = new AbortController().signal;
const OURSELVES: Machine = {
  platform: process.platform,
  user: process.getuid?.(),
  group: process.getgid?.(),
  path: process.env['PATH'] ?? '',
};
const onLinux = skipUnless(LINUX).describe;

/** A `sudo` of our own, before all others on PATH. */
async function withSudo(script: string): Promise<Machine> {
  const folder = await temporaryFolder('sudo');
  writeFileSync(join(folder, 'sudo'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'sudo'), 0o755);
  return { ...OURSELVES, path: `${folder}:${OURSELVES.path}` };
}

/** As sudo does it: a clean environment, and no descriptor but the first three. Root needs no more for it. */
const LIKE_SUDO =
  'shift 2; exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SUDO_USER=x \'A B\'=c "$@" 3>&- 4>&-';

const started: ReplayerProcess[] = [];
afterEach(() => {
  for (const replayer of started.splice(0)) replayer.kill();
});

async function startOn(isolation: IsolationWay, behaviour: string, file = '', environment = {}) {
  const command = { ...fakeReplayer(behaviour, file), environment, isolation };
  const result = await ReplayerProcess.start(command, START, NEVER, AMPLE_MS);
  if (result.kind === 'failed') throw new Error(result.message);
  started.push(result.replayer);
  return result.replayer;
}

interface Way {
  readonly name: string;
  readonly rung: IsolationRung;
  readonly machine: Machine;
}

/** Only root can stand in for sudo; whoever is not root is `namespaced` by the real one. */
const bySudo = async (): Promise<Way> => ({
  name: 'namespaced by sudo',
  rung: 'namespaced',
  machine: { ...(await withSudo(LIKE_SUDO)), user: 65_534, group: 65_534 },
});

const WAYS: readonly Way[] = [
  ...ISOLATION_RUNGS.map((rung) => ({ name: rung, rung, machine: OURSELVES })),
  ...(OURSELVES.user === 0 ? [await bySudo()] : []),
];

for (const { name, rung, machine } of WAYS) {
  const way = await findIsolation(rung, machine).then(
    (found) => found.way,
    (error: unknown) => String(error),
  );
  const why = typeof way === 'string' ? way : '';
  skipUnless(LINUX, given(why === '', `this machine has no ${name}: ${why}`)).describe(
    `a process that is ${name}`,
    () => showWhatHolds(rung, way),
  );
}

/** @param way why there is none, where these are skipped */
function showWhatHolds(rung: IsolationRung, way: IsolationWay | string): void {
  const on = (title: string, body: (isolation: IsolationWay) => Promise<void>): void =>
    test(title, () => {
      if (typeof way === 'string') throw new Error(way);
      return body(way);
    });
  /** Whether code on this rung has a namespace of processes. */
  const hasOwnProcesses = rung === 'namespaced' || rung === 'user-namespaced';

  on('replays', async (isolation) => {
    const replayer = await startOn(isolation, 'normal');
    expect(await replayer.replay(aReplay(), AMPLE_MS)).toMatchObject({
      kind: 'result',
      result: { outcome: 'passed' },
    });
  });

  on('prints beside the protocol', async (isolation) => {
    const replayer = await startOn(isolation, 'prints');
    expect(await replayer.replay(aReplay(), AMPLE_MS)).toMatchObject({ kind: 'result' });
  });

  on('has the environment that it is given, letter by letter, and no other', async (isolation) => {
    const environment = {
      PATH: '/usr/bin:/bin',
      QUOTES: `it's "so" \`no\` $HOME \\n`,
      LINES: 'one\ntwo\n',
      EMPTY: '',
      HASH: '# é 漢',
    };
    const replayer = await startOn(isolation, 'environment', '', environment);
    const answer = await replayer.replay(aReplay(), AMPLE_MS);
    if (answer.kind !== 'result') throw new Error(JSON.stringify(answer));
    const seen = JSON.parse(answer.result.message ?? '') as Record<string, string>;
    // What a shell sets itself.
    const { PWD: _pwd, OLDPWD: _old, SHLVL: _level, _: _last, ...given } = seen;
    expect(given).toEqual(environment);
  });

  on('has none of it on a command line', async (isolation) => {
    const secret = `seen-${String(Math.random())}`;
    const { args } = isolation.isolate(
      { file: 'x', args: [], environment: { SECRET: secret } },
      { channel: true },
    );
    expect(args.join(' ')).not.toContain(secret);
  });

  on('leaves last words, and how it ended', async (isolation) => {
    const gone = await startOn(isolation, 'exits in a replay');
    expect(await gone.replay(aReplay(), AMPLE_MS)).toMatchObject({
      kind: 'died',
      message: expect.stringMatching(/^it ended with code \d+; its last words: /u) as unknown,
    });
    const crashed = await startOn(isolation, 'dies in a replay');
    expect(await crashed.replay(aReplay(), AMPLE_MS)).toMatchObject({
      kind: 'died',
      message: expect.stringMatching(/^it ended by SIGSEGV/u) as unknown,
    });
  });

  on('is ended at its limit, with what it started', async (isolation) => {
    const folder = await temporaryFolder('pids');
    chmodSync(folder, 0o777);
    const file = join(folder, 'pids');
    const before = childrenOf(process.pid);
    const replayer = await startOn(isolation, 'loops in a replay', file);
    const outside = childrenOf(process.pid).filter((pid) => !before.includes(pid));
    const all = [...outside, ...outside.flatMap(descendantsOf)];
    expect(all.length).toBeGreaterThan(0);
    expect(await replayer.replay(aReplay(), 300)).toEqual({ kind: 'timeout' });
    await untilGone(all);
    if (!hasOwnProcesses) {
      await untilGone(readFileSync(file, 'utf8').split(' ').map(Number));
    }
  });

  on('is gone, with all that it is, once all have been ended', async (isolation) => {
    const before = childrenOf(process.pid);
    await Promise.all([1, 2, 3].map(() => startOn(isolation, 'normal')));
    const outside = childrenOf(process.pid).filter((pid) => !before.includes(pid));
    const all = [...outside, ...outside.flatMap(descendantsOf)];
    expect(all.length).toBeGreaterThanOrEqual(3);
    await endAllReplayers();
    await untilGone(all, 20);
  });

  on(
    'takes along what has left its group, where it has processes of its own',
    async (isolation) => {
      const mark = `left-${String(Math.random()).slice(2)}`;
      const script = `setsid sh -c 'sleep 61; :' ${mark} >/dev/null 2>&1 & echo away; sleep 0.2`;
      const environment = { PATH: OURSELVES.path };
      const program = { file: '/bin/sh', args: ['-c', script], environment };
      const options = { channel: false, cwd: '/', input: '', timeoutMs: AMPLE_MS };
      expect(await runIsolated(isolation, program, options)).toMatchObject({ stdout: 'away\n' });
      const { stdout } = spawnSync('pgrep', ['-f', mark], { encoding: 'utf8' });
      const left = stdout.trim().split('\n').filter(Boolean).map(Number);
      for (const pid of left) process.kill(-pid, 'SIGKILL');
      expect(left).toHaveLength(hasOwnProcesses ? 0 : 1);
    },
  );

  if (!hasOwnProcesses) return;
  on('is ended when its starter outside is killed', async (isolation) => {
    const environment = { PATH: OURSELVES.path };
    const program = isolation.isolate(
      { file: '/bin/sh', args: ['-c', 'echo there; sleep 61; :'], environment },
      { channel: false },
    );
    // Without what ends its group: only the kernel is left to do it.
    const outer = spawn(program.file, program.args, { env: program.environment, detached: true });
    outer.stdin.write(program.preamble);
    await once(outer.stdout, 'data');
    const inner = descendantsOf(outer.pid ?? 0);
    expect(inner.length).toBeGreaterThan(1);
    outer.kill('SIGKILL');
    await untilGone(inner);
  });
}

onLinux('which rung is taken', () => {
  const find = (
    asked: Parameters<typeof findIsolation>[0],
    machine: Partial<Machine> = {},
  ): Promise<ProbedIsolation> => findIsolation(asked, { ...OURSELVES, ...machine });

  test('the first that works, and of the others it is told why they do not', async () => {
    const noSudo = await withSudo('echo "sudo: a password is required" >&2; exit 1');
    const { way, unavailable } = await find('auto', { ...noSudo, user: 65_534 });
    expect(way.rung).toBe('user-namespaced');
    expect(unavailable).toEqual([{ rung: 'namespaced', why: 'sudo: a password is required' }]);
  });

  test('one that runs programs and isolates nothing is none', async () => {
    const shifty = 'while [ "$1" != /bin/sh ]; do shift; done; exec "$@"';
    await expect(find('namespaced', { ...(await withSudo(shifty)), user: 65_534 })).rejects.toThrow(
      /raise their privileges/u,
    );
    const unshared = 'while [ "$1" != /bin/sh ]; do shift; done; exec setpriv --no-new-privs "$@"';
    await expect(
      find('namespaced', { ...(await withSudo(unshared)), user: 65_534 }),
    ).rejects.toThrow(/can still see other processes/u);
  });

  test('without the programs, the environment alone', async () => {
    const { way, unavailable } = await find('auto', { path: '/nowhere' });
    expect(way.rung).toBe('environment');
    expect(unavailable.map(({ why }) => why)).toEqual(Array(3).fill('there is no setpriv on PATH'));
  });

  test('one that is named and not there is an error with the way out, never a lesser one', async () => {
    await expect(find('namespaced', { path: '/nowhere' })).rejects.toMatchObject({
      found: expect.stringContaining('Input isolation is "namespaced"') as unknown,
      fix: expect.stringContaining('set isolation to auto') as unknown,
    });
  });
});

if (OURSELVES.user === 0) {
  onLinux('as root', () => {
    test('what ends processes of another user is handed none of our environment', async () => {
      const file = join(await temporaryFolder('environment'), 'seen');
      const machine = await withSudo(
        `if [ "$3" = kill ]; then env > ${file}.part; mv ${file}.part ${file}; exit; fi; ${LIKE_SUDO}`,
      );
      const { way } = await findIsolation('namespaced', {
        ...machine,
        user: 65_534,
        group: 65_534,
      });
      process.env['A_CREDENTIAL_OF_OURS'] = 'secret';
      try {
        // No system has a group with this number.
        endGroup(2 ** 30, way);
        for (let tries = 0; tries < 200 && !existsSync(file); tries += 1) await sleep(20);
      } finally {
        delete process.env['A_CREDENTIAL_OF_OURS'];
      }
      const seen = readFileSync(file, 'utf8');
      expect(seen).toContain(`PATH=${machine.path}`);
      expect(seen).not.toContain('A_CREDENTIAL_OF_OURS');
    });
  });
}

test('elsewhere than on Linux it is the environment', async () => {
  const { way, unavailable } = await findIsolation('auto', { ...OURSELVES, platform: 'darwin' });
  expect(way.rung).toBe('environment');
  expect(unavailable[0]?.why).toBe('it needs Linux, and this is darwin');
});

test('of several jobs the weakest counts', () => {
  const strong = { rung: 'namespaced', sealed: true, root: false } as const;
  const weak = { rung: 'no-new-privs', sealed: false, root: true } as const;
  expect(weakest(undefined, strong)).toEqual(strong);
  expect(weakest(strong, weak)).toEqual(weak);
  expect(weakest(weak, { ...strong, root: true })).toEqual(weak);
});

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim() === '' ? [] : text.trim().split(' ').map(Number);
}

function descendantsOf(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendantsOf)];
}
