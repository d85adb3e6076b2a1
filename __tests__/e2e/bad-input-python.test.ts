/** @tier middle */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../testing/project-root.js';
import { checkPullRequest, type CheckResult } from '../../testing/pull-request-check.js';
import { findPlainPython, findPythonSdk, NEWEST_PYTHON_SDK } from '../../testing/python-sdk.js';
import { runCommand } from '../../testing/run-command.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { makeWorkspace } from '../../testing/workspace.js';

/** Workflows in Python that cannot be replayed, or go wrong: through dist/, with histories at hand. */

const sdk = await findPythonSdk(NEWEST_PYTHON_SDK);
const plain = await findPlainPython();

/** What the workflow `timers` has done in its first task: it runs, and waits for a timer. */
const RECORDED = JSON.parse(
  readFileSync(
    join(
      projectRoot,
      ...['__tests__', 'fixtures', 'histories', `python-commands-${NEWEST_PYTHON_SDK}`],
      'timers.json',
    ),
    'utf8',
  ),
) as { readonly events: readonly { readonly eventType: string }[] };
const BEGUN = RECORDED.events.slice(
  0,
  RECORDED.events.findIndex(({ eventType }) => eventType === 'EVENT_TYPE_TIMER_STARTED') + 1,
);

/** The same of a workflow of another type. */
function historyOf(workflowType: string, number: number): string {
  return JSON.stringify({ events: BEGUN })
    .replace('"workflowType":{"name":"timers"}', `"workflowType":{"name":"${workflowType}"}`)
    .replace('"workflowId":"timers-1"', `"workflowId":"${workflowType}-1"`)
    .replaceAll(/(RunId":"[^"]*)[\da-f]{4}"/gu, (_, begin: string) => `${begin}${1000 + number}"`);
}

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  /** Workflow types, one history each. */
  readonly histories?: readonly string[];
  readonly workflows?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function check({
  files = {},
  histories = ['timers'],
  workflows = 'basics',
  env = { VIRTUAL_ENV: dirname(required(sdk).bin) },
}: Case): Promise<CheckResult> {
  const workspace = await makeWorkspace({
    from: join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands-python'),
    files,
  });
  try {
    await mkdir(join(workspace.path, 'histories'));
    for (const [number, type] of histories.entries()) {
      const path = join(workspace.path, 'histories', `${type}.json`);
      await writeFile(path, historyOf(type, number));
    }
    return await checkPullRequest(workspace, {
      title: '[compatible-v1.0] Something else',
      inputs: {
        histories: 'histories/*',
        language: 'python',
        workflows,
        'history-timeout': '2s',
      },
      env,
    });
  } finally {
    await workspace.remove();
  }
}

const BROKEN = `import os, re, sys
from temporalio import workflow

@workflow.defn(name="exits", sandboxed=False)
class Exits:
    @workflow.run
    async def run(self) -> None:
        sys.exit(0)

@workflow.defn(name="dies", sandboxed=False)
class Dies:
    @workflow.run
    async def run(self) -> None:
        os._exit(0)

@workflow.defn(name="matches")
class Matches:
    @workflow.run
    async def run(self) -> None:
        re.match(r"(a+)+$", "a" * 60 + "b")
`;

skipUnless(sdk, plain).describe('bad input in Python', () => {
  test('no interpreter is one error, and red', async () => {
    // As a runner's image without Python: what else the action needs is there.
    const programs = await temporaryFolder('programs');
    const { stdout: git } = await runCommand('which', ['git']);
    await symlink(git.trim(), join(programs, 'git'));
    const { outputs, exitCode, annotations } = await check({ env: { PATH: programs } });
    expect([outputs['verdict'], exitCode]).toEqual(['inconclusive', 1]);
    expect(annotations[0]?.message).toMatch(/There is no Python interpreter.*To fix: /su);
  });

  test('an environment without the SDK is one error that names it, and red', async () => {
    const { bin, python } = required(plain);
    const result = await check({ env: { VIRTUAL_ENV: dirname(bin) } });
    expect([result.outputs['verdict'], result.exitCode]).toEqual(['inconclusive', 1]);
    expect(result.annotations[0]?.message).toContain(`${python} cannot import temporalio`);
    expect(result.annotations[0]?.message).toMatch(
      /To fix: install the application's dependencies/u,
    );
  });

  test('code that cannot be imported is one error with its line, and red', async () => {
    const files = { 'lacks.py': 'import os\nimport no_such_package\n' };
    const { outputs, exitCode, annotations } = await check({ files, workflows: 'lacks' });
    expect([outputs['verdict'], exitCode]).toEqual(['inconclusive', 1]);
    expect(annotations[0]?.message).toMatch(/No module named 'no_such_package' \(lacks\.py:2\)/u);
  });

  test('an exit, a death and an endless expression cost one history each', async () => {
    const { outputs, exitCode, annotations } = await check({
      files: { 'broken.py': BROKEN },
      workflows: 'basics\nbroken.py',
      histories: ['timers', 'exits', 'dies', 'matches'],
    });
    expect(outputs).toMatchObject({
      verdict: 'incompatible',
      matched: '4',
      passed: '1',
      'task-failed': '1',
      errored: '2',
    });
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/raised SystemExit, which ends the worker/u),
      '2 executions could not be judged.',
    ]);
    expect(exitCode).toBe(1);
  });
});
