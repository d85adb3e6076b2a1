/** @tier middle */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { align } from '../../src/diagnosis/align.js';
import { projectRoot } from '../../testing/project-root.js';
import { findSdk } from '../../testing/sdk.js';
import { required } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';
import { recordedHistory } from '../builders/recorded-history.js';
import { COMMANDS_NAMESPACE } from '../fixtures/commands-scenarios.js';
import { readFixtures, type Fixture } from '../fixtures/histories.js';
import { commandsWorkspace } from './commands-application.js';
import { sourceLine } from './source-line.js';
import { TypeScriptReplayer } from './typescript-replayer.js';

jest.setTimeout(60_000);

/** Installing a release takes a minute when it is not in the cache. */
const INSTALL_MS = 300_000;

/** The workflow `patches` as pull requests may leave it: it no longer begins as history does. */
const CHANGED = {
  'src/workflows/incompatible.ts': `import { patched } from '@temporalio/workflow';
import { remote } from './proxies';

export async function patches(): Promise<void> {
  if (patched('greet-first')) {
    await remote.greet('Ada');
  }
  await remote.takeTime(10); // instead of a timer
}
`,
  'src/workflows/throws.ts': `import { patched } from '@temporalio/workflow';
import { remote } from './proxies';

export async function patches(): Promise<void> {
  if (patched('greet-first')) {
    await remote.greet('Ada');
  }
  throw new Error('not today');
}
`,
  // As the code goes on once no execution of the time before the patches is left.
  'src/workflows/compatible.ts': `import { deprecatePatch, patched, sleep } from '@temporalio/workflow';
import { remote } from './proxies';

export async function patches(): Promise<void> {
  deprecatePatch('greet-first');
  await remote.greet('Ada');
  await sleep('10 ms');
  deprecatePatch('greet-each-round');
  for (let round = 0; round < 3; round++) await remote.greet(\`round \${round}\`);
  if (patched('say-goodbye')) await remote.greet('Goodbye');
}
`,
};

/** Releases, the sets of histories that they must be able to replay, and their workflow module. */
const RELEASES: readonly {
  readonly version: string;
  readonly sets: readonly string[];
  readonly workflows: string;
}[] = [
  {
    version: '1.8.0',
    sets: ['commands-1.8.0'],
    workflows: 'src/workflows/of-sdk-1.8.ts',
  },
  {
    version: '1.13.2',
    sets: ['commands-1.8.0', 'commands-1.13.2', 'commands-1.24.0'],
    workflows: 'src/workflows/index.ts',
  },
  {
    version: '1.24.0',
    sets: ['commands-1.8.0', 'commands-1.13.2', 'commands-1.24.0'],
    workflows: 'src/workflows/index.ts',
  },
];

describe.each(RELEASES)('SDK $version', ({ version, sets, workflows }) => {
  let workspace: Workspace;

  beforeAll(async () => {
    const nodeModules =
      version === '1.24.0'
        ? join(projectRoot, 'node_modules')
        : required(await findSdk(version)).nodeModules;
    workspace = await commandsWorkspace(CHANGED, nodeModules);
  }, INSTALL_MS);
  afterAll(() => workspace.remove());

  async function withReplayer(
    module: string,
    use: (replayer: TypeScriptReplayer) => Promise<void>,
  ): Promise<void> {
    const replayer = await TypeScriptReplayer.start(workspace.application, {
      workflows: module,
      namespace: COMMANDS_NAMESPACE,
    });
    try {
      expect(replayer.ready.sdk.version).toBe(version);
      await use(replayer);
    } finally {
      await replayer.stop();
    }
  }

  const patchesHistory = (): Fixture => {
    const history = readFixtures('commands-1.8.0').find(({ name }) => name === 'patches');
    if (history === undefined) throw new Error('there is no such history');
    return history;
  };

  it('passes the histories of unchanged code and tells their commands', async () => {
    await withReplayer(workflows, async (replayer) => {
      for (const history of sets.flatMap((set) => readFixtures(set))) {
        const { name } = history;
        const result = await replayer.replay(history);
        expect({ name, outcome: result.outcome }).toEqual({ name, outcome: 'passed' });
        const { commands } = await replayer.replay(history, true);
        expect({ name, mismatch: align(recordedHistory(history.events), commands ?? []) }).toEqual({
          name,
        });
      }
    });
  });

  it('finds the line of a change that breaks history', async () => {
    await withReplayer('src/workflows/incompatible.ts', async (replayer) => {
      const history = patchesHistory();
      const result = await replayer.replay(history);
      expect(result).toMatchObject({ outcome: 'nondeterministic' });
      expect(result.message).toMatch(/Activity machine does not handle this event/u);
      const { commands } = await replayer.replay(history, true);
      expect(align(recordedHistory(history.events), commands ?? [])).toMatchObject({
        kind: 'differs',
        expected: { command: 'StartTimer' },
        issued: {
          ...{ command: 'ScheduleActivityTask', name: 'takeTime' },
          ...sourceLine(
            workspace.application,
            'src/workflows/incompatible.ts',
            '// instead of a timer',
          ),
        },
      });
    });
  });

  it('finds the line where the code throws', async () => {
    await withReplayer('src/workflows/throws.ts', async (replayer) => {
      expect(await replayer.replay(patchesHistory())).toMatchObject({
        outcome: 'task-failed',
        message: 'not today',
        ...sourceLine(workspace.application, 'src/workflows/throws.ts', "new Error('not today')"),
      });
    });
  });

  it('passes code whose patches are deprecated, and tells its commands', async () => {
    await withReplayer('src/workflows/compatible.ts', async (replayer) => {
      const history = patchesHistory();
      expect(await replayer.replay(history)).toMatchObject({ outcome: 'passed' });
      const { commands } = await replayer.replay(history, true);
      expect(align(recordedHistory(history.events), commands ?? [])).toBeUndefined();
    });
  });
});
