import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { cachedFolder } from '../testing/cache.js';
import { projectRoot } from '../testing/project-root.js';
import { isCi } from '../testing/tiers.js';

interface StaticCheck {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

const bin = (name: string): string => join(projectRoot, 'node_modules', '.bin', name);

/** What a tool keeps between two runs. Not under CI, where an earlier run must not matter. */
const kept = (...options: string[]): string[] => (isCi ? [] : options);

/** Checks without a test file. Each counts as one test. The longest come first. */
export const STATIC_CHECKS: readonly StaticCheck[] = [
  {
    name: 'lint',
    command: [
      bin('eslint'),
      '.',
      ...kept('--cache', '--cache-strategy=content', `--cache-location=${cachedFolder('eslint')}/`),
    ],
  },
  {
    name: 'types',
    command: [
      bin('tsc'),
      '-p',
      'tsconfig.all.json',
      ...kept('--incremental', `--tsBuildInfoFile`, cachedFolder('types.tsbuildinfo')),
    ],
  },
  {
    name: 'types of the example in TypeScript',
    command: [bin('tsc'), '-p', 'examples/orders-typescript', '--noEmit'],
  },
  {
    name: 'formatting',
    command: [
      bin('prettier'),
      '--check',
      '.',
      ...kept(
        '--cache',
        '--cache-strategy=content',
        `--cache-location=${cachedFolder('prettier')}`,
      ),
    ],
  },
  {
    name: 'architecture',
    command: [process.execPath, 'scripts/architecture.mjs'],
  },
  { name: 'dist/ is current', command: [process.execPath, 'scripts/build.mjs', '--check'] },
  { name: 'lock file is whole', command: [process.execPath, 'scripts/lock.mjs', '--check'] },
  {
    name: 'docs/inputs.md is current',
    command: [process.execPath, 'scripts/inputs-page.mjs', '--check'],
  },
];

/** Runs them one after the other and prints each, with its output where it failed. Yields whether each passed. */
export async function* runStaticChecks(): AsyncGenerator<boolean> {
  for (const { name, command } of STATIC_CHECKS) {
    const { passed, output } = await runQuietly(command);
    console.log(`${passed ? '✓' : `${output.trimEnd()}\n✗`} ${name}`);
    yield passed;
  }
}

/** Its output is printed at the end, so that it does not mix with that of tests. */
function runQuietly([program, ...args]: StaticCheck['command']): Promise<{
  readonly passed: boolean;
  readonly output: string;
}> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ passed: code === 0, output }));
  });
}
