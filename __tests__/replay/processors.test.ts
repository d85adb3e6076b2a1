import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { allowedProcessors, keepOn, processorsIn } from '../../src/replay/processors.js';
import { LINUX, skipUnless } from '../../testing/skip-unless.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

const status = (list: string): string =>
  `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t00000001\n`;

describe('the processors that a process may run on', () => {
  it.each([
    ['one', '3', [3]],
    ['a range', '0-3', [0, 1, 2, 3]],
    ['ranges and single ones', '0-1,4,6-7', [0, 1, 4, 6, 7]],
    ['none that is told', '', []],
  ])('are %s', (_, list, expected) => {
    expect(processorsIn(status(list))).toEqual(expected);
  });

  it('are not known where nothing tells them', () => {
    expect(processorsIn('')).toEqual([]);
  });

  it('are those that Node counts', () => {
    const expected = process.platform === 'linux' ? availableParallelism() : 0;
    expect(allowedProcessors()).toHaveLength(expected);
  });
});

const onLinux = skipUnless(LINUX).it;

describe('what keeps a process on a processor', () => {
  onLinux('sees the environment that it is given and nothing of ours', async () => {
    const folder = await temporaryFolder('taskset');
    const told = join(folder, 'told');
    const script = `#!/bin/sh\necho "$@" > ${told}.new; /usr/bin/env >> ${told}.new; /bin/mv ${told}.new ${told}\n`;
    writeFileSync(join(folder, 'taskset'), script, { mode: 0o755 });
    process.env['INPUT_API-KEY'] = 'a-secret';
    try {
      // No process has that number: the kernel counts to 4,194,304.
      keepOn(3, 5_000_000, { PATH: folder });
    } finally {
      delete process.env['INPUT_API-KEY'];
    }
    while (!existsSync(told)) await sleep(20);
    const [args, ...environment] = readFileSync(told, 'utf8').trim().split('\n');
    expect(args).toBe('--all-tasks --pid --cpu-list 3 5000000');
    expect(environment.filter((line) => !/^(?:PATH|PWD|SHLVL|_)=/u.test(line))).toEqual([]);
  });
});
