import { join } from 'node:path';
import { pythonOrdersWorkspace } from '../../../testing/python-orders.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from '../../../testing/python-sdk.js';
import { removeFolder, temporaryFolder } from '../../../testing/temporary-folder.js';
import { required } from '../../../testing/toolchain.js';
import {
  cpuMs,
  parentMs,
  perSecond,
  ratio,
  runLoop,
  program,
  writeHistories,
  type Loop,
} from '../loop.js';
import { median, type Row } from '../table.js';
import { pythonHistories } from './histories.js';

const SECTION = 'replay of Python, histories at hand';

/** Of the issue: times the speed of the SDK's own replayer, sandboxed too, on 2 cores. */
const TARGET = 1.7;

/** Milliseconds for one side of a pair. */
const TIMEOUT_MS = 600_000;

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
    await writeHistories(file, histories);
    const loop = (...command: [string, ...string[]]): Promise<Loop> =>
      runLoop(command, options.histories, {
        cwd: workspace.application,
        timeoutMs: TIMEOUT_MS,
      });
    const reference = (): Promise<Loop> =>
      loop(python, join(import.meta.dirname, 'reference.py'), file);
    const gate = (processes: number, how: 'accelerated' | 'plain' = 'accelerated'): Promise<Loop> =>
      loop(
        ...program(join(import.meta.dirname, 'gate-loop.ts')),
        ...[python, String(processes), file, scratch, how],
      );

    const pairs: { readonly theirs: Loop; readonly ours: Loop }[] = [];
    for (let pair = 0; pair < options.pairs; pair += 1) {
      const theirs = await reference();
      const ours = await gate(options.concurrency);
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
        pairs.map(({ theirs }) => cpuMs(theirs)),
      ),
      row(
        'processor time per history, gate',
        'ms',
        pairs.map(({ ours }) => cpuMs(ours)),
      ),
      row('processor time per history, gate, not accelerated', 'ms', [cpuMs(plain)]),
      row(
        'of it in the parent: decoding, preparing, the pipe',
        'ms',
        pairs.map(({ ours }) => parentMs(ours)),
      ),
    ];
  } finally {
    await workspace.remove();
    await removeFolder(scratch);
  }
}
