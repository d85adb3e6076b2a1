import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReachedFile } from '../../src/replay/protocol.js';
import type { Workspace } from '../../testing/workspace.js';
import { readFixtures } from '../fixtures/histories.js';
import { commandsWorkspace } from './commands-application.js';
import { TypeScriptReplayer } from './typescript-replayer.js';

jest.setTimeout(120_000);

const FILE = 'src/workflows/branches.ts';

/** Waits as the recorded workflow `timers` does at first, then stops at what that history holds next. */
const CODE = `import { CancellationScope, patched, sleep } from '@temporalio/workflow';

interface Options {
  fast: boolean; // never
}

const LIMIT = 3; // runs

export async function timers(options?: Options): Promise<void> {
  const late = LIMIT > 5; // runs
  if (late) {
    await apologize(); // never
  } else if (patched('new')) {
    await sleep( // never
      20, // never
    );
  }
  const text = options?.fast === true ? 'fast' : 'slow'; // runs
  try {
    check(text); // runs
  } catch {
    await apologize(); // never
  }
  const withdrawn = new CancellationScope();
  const cancelled = withdrawn.run(() => sleep('1 hour')); // runs
  withdrawn.cancel();
  try {
    await cancelled; // runs
    await apologize(); // never
  } catch {
    check('cancelled'); // runs
  }
  await sleep('10 ms'); // runs
  const later = () => {
    return check('later'); // never
  };
  await sleep('10 ms'); // runs
  await sleep('3 days'); // never
  later(); // never
}

function check(text: string): boolean {
  return text !== ''; // runs
}

async function apologize(): Promise<void> {
  await sleep(10); // never
}
`;

describe('what the replayer says of the lines that ran', () => {
  let workspace: Workspace;
  let replayer: TypeScriptReplayer;
  let files: readonly ReachedFile[];

  beforeAll(async () => {
    workspace = await commandsWorkspace({ [FILE]: CODE });
    replayer = await TypeScriptReplayer.start(workspace.application, {
      workflows: FILE,
      reach: true,
    });
    const timers = readFixtures('commands-1.24.0').find(({ name }) => name === 'timers');
    if (timers === undefined) throw new Error('there is no history timers');
    await replayer.replay(timers);
    files = (await replayer.process.reach(30_000)) ?? [];
  });
  afterAll(async () => {
    await replayer.stop();
    await workspace.remove();
  });

  it('is ready to tell', () => expect(replayer.ready.reach).toBe(true));

  it('names the files of the application and no other', () => {
    expect(files.map(({ file }) => file)).toEqual([join(workspace.application, FILE)]);
  });

  it('tells what ran from what did not, by block', () => {
    const lines = readFileSync(join(workspace.application, FILE), 'utf8').split('\n');
    const marked = (mark: string): number[] =>
      lines.flatMap((line, index) => (line.endsWith(mark) ? [index + 1] : []));
    const [file] = files;

    expect(marked('// runs').filter((line) => file?.reached.includes(line) !== true)).toEqual([]);
    const never = marked('// never').filter(
      (line) => !/fast: boolean/u.test(lines[line - 1] ?? ''),
    );
    expect(file?.unreached).toEqual(expect.arrayContaining(never));
    // A type is no code.
    const type = lines.findIndex((line) => line.includes('fast: boolean')) + 1;
    expect([...(file?.reached ?? []), ...(file?.unreached ?? [])]).not.toContain(type);
  });
});

it('counts nothing unless it is asked to', async () => {
  const workspace = await commandsWorkspace();
  const replayer = await TypeScriptReplayer.start(workspace.application);
  try {
    expect(replayer.ready.reach).toBe(false);
  } finally {
    await replayer.stop();
    await workspace.remove();
  }
});
