import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonOrdersWorkspace } from '../../../testing/python-orders.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from '../../../testing/python-sdk.js';
import { runCommand } from '../../../testing/run-command.js';
import { removeFolder, temporaryFolder } from '../../../testing/temporary-folder.js';
import { required } from '../../../testing/toolchain.js';
import { median, type Row } from '../table.js';
import { pythonHistories } from './histories.js';

const SECTION = 'replay of Python, histories at hand';

/** Of the issue: times the speed of the SDK's own replayer, sandboxed too, on 2 cores. */
const TARGET = 1.7;

/** Milliseconds for one side of a pair. */
const TIMEOUT_MS = 600_000;

interface Loop {
  readonly replayed: number;
  readonly passed: number;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly parentMs?: number;
}

interface PythonSpeedOptions {
  readonly histories: number;
  readonly pairs: number;
  readonly concurrency: number;
}

/**
 * The gate's pool with the replayer for Python against the SDK's own replayer in one process, with the same
 * interpreter, SDK, sandbox and histories, on the same cores, in turn.
 */
export async function pythonSpeed(options: PythonSpeedOptions): Promise<Row[]> {
  const { python } = required(await findPythonSdk(NEWEST_PYTHON_SDK));
  const workspace = await pythonOrdersWorkspace();
  const scratch = await temporaryFolder('bench-python');
  try {
    const file = join(scratch, 'histories.jsonl');
    const histories = await pythonHistories(options.histories);
    await writeFile(file, histories.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const cwd = workspace.application;
    const reference = (): Promise<Loop> =>
      loop(cwd, python, [join(import.meta.dirname, 'reference.py'), file]);
    const gate = (processes: number, how: 'accelerated' | 'plain' = 'accelerated'): Promise<Loop> =>
      loop(cwd, process.execPath, [
        ...['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'gate-loop.ts')],
        ...[python, String(processes), file, scratch, how],
      ]);

    const pairs: { readonly theirs: Loop; readonly ours: Loop }[] = [];
    for (let pair = 0; pair < options.pairs; pair += 1) {
      const theirs = await reference();
      const ours = await gate(options.concurrency);
      for (const one of [theirs, ours]) {
        // Also the proof that the histories are valid.
        if (one.passed !== options.histories) throw new Error(`only ${one.passed} passed`);
      }
      pairs.push({ theirs, ours });
      console.log(
        `  pair ${pair + 1}: the SDK alone ${perSecond(theirs).toFixed(0)}/s, ` +
          `gate ${perSecond(ours).toFixed(0)}/s, ratio ${ratio(theirs, ours).toFixed(2)}`,
      );
    }
    const alone = await gate(1);
    const plain = await gate(options.concurrency, 'plain');
    const row = (name: string, unit: string, values: readonly number[]): Row => ({
      section: SECTION,
      name,
      value: median(values),
      unit,
    });
    return [
      {
        ...row(
          "times the speed of the SDK's own replayer",
          'times',
          pairs.map(({ theirs, ours }) => ratio(theirs, ours)),
        ),
        target: { at: 'least', value: TARGET },
        detail:
          `${options.histories} histories of about 50 events, ${options.concurrency} processes; ` +
          `single pairs ${pairs.map(({ theirs, ours }) => ratio(theirs, ours).toFixed(2)).join(', ')}`,
      },
      row(
        'the SDK alone',
        'a second',
        pairs.map(({ theirs }) => perSecond(theirs)),
      ),
      row(
        'gate',
        'a second',
        pairs.map(({ ours }) => perSecond(ours)),
      ),
      row('gate, with one process', 'a second', [perSecond(alone)]),
      row('gate, not accelerated', 'a second', [perSecond(plain)]),
      row(
        'processor time per history, the SDK alone',
        'ms',
        pairs.map(({ theirs }) => each(theirs)),
      ),
      row(
        'processor time per history, gate',
        'ms',
        pairs.map(({ ours }) => each(ours)),
      ),
      row('processor time per history, gate, not accelerated', 'ms', [each(plain)]),
      row(
        'of it in the parent: decoding, preparing, the pipe',
        'ms',
        pairs.map(({ ours }) => (ours.parentMs ?? 0) / ours.replayed),
      ),
    ];
  } finally {
    await workspace.remove();
    await removeFolder(scratch);
  }
}

function perSecond({ replayed, seconds }: Loop): number {
  return replayed / seconds;
}

function each({ cpuMs, replayed }: Loop): number {
  return cpuMs / replayed;
}

function ratio(theirs: Loop, ours: Loop): number {
  return perSecond(ours) / perSecond(theirs);
}

async function loop(cwd: string, program: string, args: readonly string[]): Promise<Loop> {
  const { stdout } = await runCommand(program, args, { cwd, timeoutMs: TIMEOUT_MS });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Loop;
}
