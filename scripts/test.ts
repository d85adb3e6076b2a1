import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { NOTES, notesOf } from '../testing/notes.js';
import { fillWithOrders, shareOrdersServer } from '../testing/orders-server.js';
import { stopAllProcesses } from '../testing/processes.js';
import { projectRoot } from '../testing/project-root.js';
import { recordSeconds, secondsOf } from '../testing/seconds.js';
import { FINDING, setUpFor } from '../testing/set-ups.js';
import { startDevServer } from '../testing/temporal-server.js';
import { isNamedBy, testFiles, type TestFile } from '../testing/test-files.js';
import { COMMANDS, reaches, tierOfRun, TIERS } from '../testing/tiers.js';
import { runStaticChecks, STATIC_CHECKS } from './static-checks.js';

/**
 * `npm test`: the static checks, and jest beside them. First come the test files that need only Node. Meanwhile the
 * programs for the others are found, and one server is filled with executions. Then come the others. The last line
 * counts everything.
 *
 *     npm test                    the fast tier; with CI set the middle one too; `npm run trust` all
 *     npm test -- PATH…           only the test files with this in their path, of any tier
 *     npm test -- --list          what each tier holds, with seconds
 *     npm test -- --record        writes the seconds of this run into testing/seconds.json
 *
 * Other options are jest's, such as `-t NAME`.
 */

const given = process.argv.slice(2);
const OPTIONS_WITH_VALUE = new Set(['-t', '--testNamePattern']);
const named = given.filter(
  (word, index) => !word.startsWith('-') && !OPTIONS_WITH_VALUE.has(given[index - 1] ?? ''),
);
const jestOptions = given.filter((word) => !named.includes(word) && word !== '--record');

const all = testFiles();
const selected = all.filter((file) =>
  named.length === 0 ? reaches(file.tier) : named.some((part) => isNamedBy(part, file)),
);

if (given.includes('--list')) {
  list();
} else {
  process.exitCode = 1;
  process.exit(await testAll());
}

async function testAll(): Promise<number> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const folder = await mkdtemp(join(tmpdir(), 'replay-action-test-'));
  const notes = join(folder, 'notes.jsonl');
  const ends: string[] = [];
  const runFiles = async (
    files: readonly TestFile[],
    environment: Record<string, string> = {},
  ): Promise<void> => {
    if (files.length === 0) return;
    const result = await runJest(files, join(folder, 'jest.json'), {
      ...environment,
      [NOTES]: notes,
    });
    counts.passed += result.passed;
    counts.failed += result.failed;
    counts.skipped += result.skipped.length;
    ends.push(...result.skipped.map((test) => `skipped: ${test}`));
  };
  const checkStatically = async (): Promise<void> => {
    for await (const passed of runStaticChecks()) counts[passed ? 'passed' : 'failed'] += 1;
  };
  const attempt = <T>(step: Promise<T>): Promise<T | undefined> =>
    step.catch((error: unknown) => {
      counts.failed += 1;
      console.error(error);
      return undefined;
    });
  const needing = selected.filter(({ imports }) => [...FINDING].some((one) => imports.has(one)));
  const free = attempt(runFiles(selected.filter((file) => !needing.includes(file))));
  const statically = named.length === 0 ? attempt(checkStatically()) : undefined;
  const environment = await attempt(setUp(needing));
  await free;
  if (environment !== undefined) await attempt(runFiles(needing, environment));
  await statically;
  await stopAllProcesses();
  const left = all.filter(({ tier }) => !reaches(tier)).length;
  const figures = notesOf(notes, 'figure').map((text) => `figure: ${text}`);
  const reasons = notesOf(notes, 'skipped').map((text) => `skipped as ${text}`);
  const parts = notesOf(notes, 'not in this tier').map((text) => `not in this tier: ${text}`);
  await rm(folder, { recursive: true });
  for (const line of [...figures, ...parts, ...ends, ...reasons]) console.log(line);
  if (named.length === 0 && left > 0) {
    const further = TIERS.filter((tier) => !reaches(tier)).map((tier) => COMMANDS[tier]);
    console.log(`not in this tier: ${left} test files, run with ${further.join(' or ')}`);
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

function list(): void {
  const whole = (files: readonly TestFile[]): string => {
    const sum = files.reduce((seconds, { path }) => seconds + secondsOf(path), 0);
    return `${files.length} test files, ${sum} s, two at a time ${Math.ceil(sum / 120)} minutes`;
  };
  for (const tier of TIERS) {
    const files = all.filter((file) => file.tier === tier);
    console.log(`${tier} (${COMMANDS[tier]}): ${whole(files)}`);
    if (tier === 'fast') {
      console.log(`         and ${STATIC_CHECKS.map(({ name }) => name).join(', ')}`);
    }
    for (const { path } of files.toSorted(
      (one, other) => secondsOf(other.path) - secondsOf(one.path),
    )) {
      console.log(`  ${String(secondsOf(path)).padStart(4)} s ${path}`);
    }
    for (const { path, parts } of all) {
      for (const part of parts.filter((one) => one.tier === tier)) {
        console.log(`         of ${path}: ${part.what}`);
      }
    }
  }
}

/**
 * Finds programs, and says once which are missing. Each test that needs one is then skipped, or fails under CI. Fills
 * the server that test files share.
 *
 * @returns the environment of test processes
 */
async function setUp(files: readonly TestFile[]): Promise<Record<string, string>> {
  const lacking = await setUpFor(files, tierOfRun, say);
  for (const { name, reason, isRequired } of lacking) {
    if (isRequired) throw new Error(reason);
    say(`${name} is missing: ${reason}`);
  }
  if (!files.some(({ imports }) => imports.has('testing/orders-server.ts'))) return {};
  return shareOrdersServer(await fillWithOrders(await startDevServer(), 'orders', say));
}

interface JestResult {
  readonly passed: number;
  readonly failed: number;
  /** Their names. */
  readonly skipped: readonly string[];
}

async function runJest(
  files: readonly TestFile[],
  output: string,
  environment: Record<string, string>,
): Promise<JestResult> {
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const code = await run(
    [
      jest,
      ...['--ci', '--maxWorkers=2', '--json', `--outputFile=${output}`],
      ...jestOptions,
      ...['--runTestsByPath', ...files.map(({ path }) => path)],
    ],
    {
      ...environment,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    },
  );
  const read = JSON.parse(await readFile(output, 'utf8')) as JestOutput;
  await rm(output);
  if (given.includes('--record')) {
    recordSeconds(
      read.testResults.map(({ name, startTime, endTime }) => [
        relative(projectRoot, name),
        (endTime - startTime) / 1_000,
      ]),
      all.map(({ path }) => path),
    );
  }
  // A file that cannot be loaded has no test that could fail.
  const broken = read.testResults.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const failed = read.numFailedTests + broken;
  return {
    passed: read.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: read.testResults.flatMap((file) =>
      file.assertionResults
        .filter(({ status }) => status === 'pending' || status === 'todo')
        .map(({ fullName }) => `${fullName} (${relative(projectRoot, file.name)})`),
    ),
  };
}

interface JestOutput {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Milliseconds since the epoch. */
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs a program of Node with our output and without input. */
function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
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
