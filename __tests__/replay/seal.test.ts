import { expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isSealed, seal, type SealableProcess } from '../../src/replay/seal.js';
import { LINUX, skipUnless } from '../../testing/skip-unless.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

/** What e2e/isolation.test.ts shows of a process that is sealed, and here when none is, and what stays behind. */

interface Call {
  readonly file: string;
  readonly mode: number;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** A process that a call of `execve` would replace: what it is called with, and the mode of its file then. */
function aProcess(changes: Partial<SealableProcess> = {}): {
  self: SealableProcess;
  calls: Call[];
} {
  const calls: Call[] = [];
  const self: SealableProcess = {
    platform: 'linux',
    // Any program will do, and this one is small.
    execPath: '/bin/true',
    execArgv: ['--no-warnings'],
    argv: ['/bin/true', '/action/dist/index.js', 'replay'],
    env: { 'INPUT_API-KEY': 'key' },
    getuid: () => 1_000,
    execve: (file, args, env) =>
      void calls.push({ file, mode: statSync(file).mode & 0o777, args, env }),
    ...changes,
  };
  return { self, calls };
}

const leftovers = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('replay-action-sealed-'));

const onLinux = skipUnless(LINUX).describe;

onLinux('sealing', () => {
  test('starts the same once more, from a copy that nobody can read', () => {
    const { self, calls } = aProcess();
    seal(self);
    expect(calls).toEqual([
      {
        file: expect.stringMatching(/replay-action-sealed-\w+\/node$/u) as unknown,
        mode: 0o111,
        args: ['/bin/true', '--no-warnings', '/action/dist/index.js', 'replay'],
        env: self.env,
      },
    ]);
    expect(leftovers()).toEqual([]);
  });

  test('is done once: the copy removes itself and goes on', async () => {
    const folder = join(await temporaryFolder('temp'), 'replay-action-sealed-x');
    mkdirSync(folder);
    writeFileSync(join(folder, 'node'), '');
    const { self, calls } = aProcess({ execPath: join(folder, 'node') });
    seal(self);
    expect(calls).toEqual([]);
    expect([existsSync(folder), existsSync(dirname(folder))]).toEqual([false, true]);
  });

  const { execve: _, ...withoutExecve } = aProcess().self;
  test.each([
    ['as root', { getuid: () => 0 }],
    ['elsewhere than on Linux', { platform: 'darwin' as const }],
  ])('is left out %s', (_where, changes) => {
    const { self, calls } = aProcess(changes);
    seal(self);
    expect(calls).toEqual([]);
  });

  test('is left out before Node 22.15', () => {
    expect(() => seal(withoutExecve)).not.toThrow();
  });

  test.each([
    ['a program that is not there', '/no/such/node'],
    ['a copy that does not run', '/etc/hostname'],
    ['a copy that fails', '/bin/false'],
  ])('costs nothing but the seal: %s', (_why, execPath) => {
    const { self, calls } = aProcess({ execPath });
    seal(self);
    expect(calls).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  test('costs nothing but the seal: it is refused', () => {
    const { self } = aProcess({
      execve: () => {
        throw new Error('EACCES');
      },
    });
    expect(() => seal(self)).not.toThrow();
    expect(leftovers()).toEqual([]);
  });

  test('a process like any other is not sealed, and knows it', () => {
    expect(isSealed()).toBe(false);
  });
});
