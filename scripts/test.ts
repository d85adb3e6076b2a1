import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAct } from '../testing/act.js';
import { FIGURES, figuresOf } from '../testing/figures.js';
import { findGoSdk, GO_SDKS } from '../testing/go-modules.js';
import { findJavaSdk, JAVA_SDKS } from '../testing/java-sdk.js';
import { findNode24 } from '../testing/node24.js';
import { fillWithOrders, shareOrdersServer } from '../testing/orders-server.js';
import { stopAllProcesses } from '../testing/processes.js';
import { projectRoot } from '../testing/project-root.js';
import {
  findPlainPython,
  findPythonSdk,
  NEWEST_PYTHON_SDK,
  OLDEST_PYTHON_SDK,
} from '../testing/python-sdk.js';
import { findSdk, TESTED_SDKS } from '../testing/sdk.js';
import { findTemporalCli, findTemporalServer } from '../testing/temporal-binary.js';
import { startDevServer } from '../testing/temporal-server.js';
import { required, type Progress } from '../testing/toolchain.js';

/**
 * `npm test`: everything. First what is cheap and static, then the set-up that tests share (toolchains,
 * one server full of executions), then jest. It ends with a line that counts all of it.
 */

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
const bin = (name: string): string => join(projectRoot, 'node_modules', '.bin', name);

/** Checks without a test file: each counts as one. */
const STATIC_CHECKS: readonly [name: string, command: string, ...args: string[]][] = [
  ['types', bin('tsc'), '-p', 'tsconfig.all.json'],
  ['lint', bin('eslint'), '.'],
  ['architecture', process.execPath, 'scripts/architecture.mjs'],
  ['formatting', bin('prettier'), '--check', '.'],
  ['lock file is whole', process.execPath, 'scripts/lock.mjs', '--check'],
  ['README tables are current', process.execPath, 'scripts/readme-tables.mjs', '--check'],
  ['dist/ is current', process.execPath, 'scripts/build.mjs', '--check'],
];

process.exitCode = 1;
try {
  for (const [name, command, ...args] of STATIC_CHECKS) {
    const passed = (await run(command, args)) === 0;
    console.log(`${passed ? '✓' : '✗'} ${name}`);
    counts[passed ? 'passed' : 'failed'] += 1;
  }
  await setUpToolchains();
  const server = await startDevServer();
  const filled = await fillWithOrders(server, 'orders', say);
  await runJest(shareOrdersServer(filled));
} catch (error) {
  counts.failed += 1;
  console.error(error);
} finally {
  await stopAllProcesses();
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);

/** Says once what is missing; each test that needs it is then skipped by itself, or fails under CI. */
async function setUpToolchains(): Promise<void> {
  required(await findTemporalCli({ progress: say }));
  const optional = [
    ['Temporal server 1.32.2', await findTemporalServer({ progress: say })],
    ['Node 24', await findNode24(say)],
    ['act', await findAct(say)],
    ['Python without an SDK', await findPlainPython()],
    ...(await each([OLDEST_PYTHON_SDK, NEWEST_PYTHON_SDK], 'Python SDK', findPythonSdk)),
    ...(await each(Object.values(GO_SDKS), 'Go SDK', findGoSdk)),
    ...(await each(Object.values(JAVA_SDKS), 'Java SDK', findJavaSdk)),
    ...(await Promise.all(
      TESTED_SDKS.map(async (version) => [`SDK ${version}`, await findSdk(version, say)] as const),
    )),
  ] as const;
  for (const [name, found] of optional) {
    if (!found.available) say(`${name} is missing, its tests are skipped: ${found.reason}`);
  }
}

/** One after the other: each keeps both cores busy. */
async function each<Found>(
  versions: readonly string[],
  what: string,
  find: (version: string, progress: Progress) => Promise<Found>,
): Promise<(readonly [string, Found])[]> {
  const found: (readonly [string, Found])[] = [];
  for (const version of versions) found.push([`${what} ${version}`, await find(version, say)]);
  return found;
}

async function runJest(environment: Record<string, string>): Promise<void> {
  const results = join(tmpdir(), `replay-action-jest-${process.pid}.json`);
  const figures = join(tmpdir(), `replay-action-figures-${process.pid}.jsonl`);
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const code = await run(
    process.execPath,
    [jest, '--ci', '--maxWorkers=2', '--json', `--outputFile=${results}`, ...process.argv.slice(2)],
    {
      ...environment,
      [FIGURES]: figures,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    },
  );
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    await readFile(results, 'utf8'),
  ) as JestResults;
  await rm(results, { force: true });
  for (const { point, text } of figuresOf(figures)) console.log(`figure: ${point}: ${text}`);
  await rm(figures, { force: true });
  // A file that cannot even be loaded holds no test that could fail.
  const broken = testResults.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  counts.passed += numPassedTests;
  counts.failed += numFailedTests + broken;
  counts.skipped += numPendingTests + numTodoTests;
  if (code !== 0 && numFailedTests + broken === 0) counts.failed += 1;
  for (const file of testResults) {
    for (const test of file.assertionResults.filter((one) => one.status === 'pending')) {
      console.log(`skipped: ${test.fullName}`);
    }
  }
}

interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs a program with our output and without input. */
function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: projectRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
}

function say(line: string): void {
  console.log(`  ${line}`);
}
