/** @tier middle */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exampleWorkspace } from '../../testing/example-application.js';
import { pythonApplication } from '../../testing/python-application.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from '../../testing/python-sdk.js';
import { startDevServer, type RunningServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { registerBuildIds } from '../../testing/version-sets.js';

/** The built action on `examples/system-patch-python`, with changes in every state that its starter knows. */

const FOLDER = 'system-patch-python';
const TASK_QUEUE = 'system-patch';
const HOST_FILE = 'system_patch/workflows/patch_host.py';

/** One of each state: six changes, and the hosts of those that were approved. */
const CHANGES = 6;
const HOSTS = 2 + 2 + 3;

const found = await findPythonSdk(NEWEST_PYTHON_SDK);

skipUnless(found).describe('security patches for a fleet, in Python', () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startDevServer();
    await registerBuildIds(server, TASK_QUEUE, [
      { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
    ]);
    const base = await pythonApplication(FOLDER, 'system_patch');
    const started = await base.runExecutions({ server, taskQueue: TASK_QUEUE, buildId: 'v1.0' }, 1);
    expect(started).toHaveLength(CHANGES);
    await base.remove();
  });
  afterAll(() => server.stop());

  async function check(
    patch?: 'compatible' | 'incompatible',
  ): Promise<CheckResult & { source: string }> {
    const workspace = await exampleWorkspace(FOLDER, patch === undefined ? {} : { patch });
    try {
      const { available } = found;
      const result = await checkHere(workspace, {
        title: '[compatible-v1.0] Save the configuration too',
        env: available ? { VIRTUAL_ENV: dirname(found.bin) } : {},
        inputs: { address: server.address, 'task-queue': TASK_QUEUE },
      });
      expect([result.violations, result.leftBehind ?? []]).toEqual([[], []]);
      return { ...result, source: readFileSync(join(workspace.path, HOST_FILE), 'utf8') };
    } finally {
      await workspace.remove();
    }
  }

  test.each([
    ['the version that runs them', undefined],
    ['v2.1, which asks for a patch,', 'compatible'],
  ] as const)('%s can go on with all of them', async (_, patch) => {
    const { outputs, exitCode, log } = await check(patch);
    expect({ ...outputs, log }).toMatchObject({
      verdict: 'compatible',
      reason: 'all-replayed',
      matched: String(CHANGES + HOSTS),
      passed: String(CHANGES + HOSTS),
    });
    expect(exitCode).toBe(0);
  });

  test('v2 is red at the line that it adds, for every host that has come so far', async () => {
    const { outputs, exitCode, annotations, source } = await check('incompatible');
    expect([outputs['verdict'], exitCode]).toEqual(['incompatible', 1]);
    // No host was touched by the changes that nobody approved, and all others have installed.
    expect(outputs).toMatchObject({ nondeterministic: String(HOSTS), passed: String(CHANGES) });
    const added = source.slice(0, source.indexOf('activities.save_configuration')).split('\n');
    expect(annotations.filter(({ level }) => level === 'error')).toEqual([
      expect.objectContaining({
        file: HOST_FILE,
        line: added.length,
        message: expect.stringMatching(/saveConfiguration.*installPatch/su),
      }),
    ]);
  });
});
