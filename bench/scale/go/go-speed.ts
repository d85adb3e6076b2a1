import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goOrdersWorkspace } from '../../../testing/go-orders.js';
import { runCommand } from '../../../testing/run-command.js';
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
import { recordedGoHistories } from './recorded-histories.js';

const SECTION = 'replay in Go, histories at hand';

/** Of the issue: histories of about 50 events a second, on 2 cores. */
const TARGET = 3000;

/**
 * The same on any machine: where the target was set, the bare loop replayed 2,270 a second in one goroutine. This
 * is how much faster the replayer must be than that.
 */
const TARGET_RATIO = 3000 / 2270;

export interface GoSpeedOptions {
  readonly histories: number;
  readonly pairs: number;
  /** Processes of the gate's pool. */
  readonly concurrency: number;
}

/**
 * The replayer for Go, as it is shipped, against a bare loop around the SDK's replayer, with the same application
 * and histories, on the same cores, in turn.
 */
export async function goSpeed(options: GoSpeedOptions): Promise<Row[]> {
  const main = await readFile(join(import.meta.dirname, 'reference', 'main.go'), 'utf8');
  const workspace = await goOrdersWorkspace({ files: { 'reference/main.go': main } });
  try {
    const { application } = workspace;
    const bench = join(workspace.path, '.git', 'bench');
    const scratch = join(bench, 'scratch');
    await mkdir(scratch, { recursive: true });
    const reference = join(bench, 'reference');
    await runCommand('go', ['build', '-buildvcs=false', '-o', reference, './reference'], {
      cwd: application,
    });
    const file = join(bench, 'histories.jsonl');
    const histories = await recordedGoHistories(options.histories);
    await writeHistories(file, histories);
    const bare = (goroutines: number): Promise<Loop> =>
      runLoop([reference, String(goroutines), file], options.histories);
    const ours = (name: string, ...further: string[]): Promise<Loop> =>
      runLoop(
        [...program(join(import.meta.dirname, name)), ...[application, scratch, file, ...further]],
        options.histories,
      );
    // It compiles the replayer, which the others then find.
    await ours('in-flight-loop.ts');

    const pairs: { readonly one: Loop; readonly two: Loop; readonly replayer: Loop }[] = [];
    for (let pair = 0; pair < options.pairs; pair += 1) {
      const [one, replayer, two] = [await bare(1), await ours('in-flight-loop.ts'), await bare(2)];
      pairs.push({ one, two, replayer });
      console.log(
        `  pair ${pair + 1}: bare loop ${perSecond(one).toFixed(0)}/s, in two goroutines ` +
          `${perSecond(two).toFixed(0)}/s, replayer ${perSecond(replayer).toFixed(0)}/s`,
      );
    }
    const gate = await ours('gate-loop.ts', String(options.concurrency));
    const ratios = pairs.map(({ one, replayer }) => ratio(one, replayer));
    const rate = (pick: (pair: (typeof pairs)[number]) => Loop): number =>
      median(pairs.map((pair) => perSecond(pick(pair))));
    const row = (name: string, value: number, unit: string, rest: Partial<Row> = {}): Row => ({
      section: SECTION,
      name,
      value,
      unit,
      ...rest,
    });
    return [
      row(
        'replayer',
        rate(({ replayer }) => replayer),
        'a second',
        {
          target: { at: 'least', value: TARGET },
          detail: `${options.histories} histories of about 50 events; the parent has its lines ready`,
        },
      ),
      row('times the speed of the bare loop in one goroutine', median(ratios), 'times', {
        target: { at: 'least', value: TARGET_RATIO },
        detail: `single pairs ${ratios.map((one) => one.toFixed(2)).join(', ')}`,
      }),
      row(
        'bare loop, one goroutine',
        rate(({ one }) => one),
        'a second',
      ),
      row(
        'bare loop, two goroutines',
        rate(({ two }) => two),
        'a second',
      ),
      row(
        'processor time per history, bare loop',
        median(pairs.map(({ one }) => cpuMs(one))),
        'ms',
      ),
      row(
        'processor time per history, replayer',
        median(pairs.map(({ replayer }) => cpuMs(replayer))),
        'ms',
      ),
      row(
        'of it in the parent: writing lines, reading results',
        median(pairs.map(({ replayer }) => parentMs(replayer))),
        'ms',
      ),
      row("the gate's own pool", perSecond(gate), 'a second', {
        detail: `${options.concurrency} processes, one run`,
      }),
      row('processor time per history, pool', cpuMs(gate), 'ms'),
      row('of it in the parent: decoding, preparing, the pipe', parentMs(gate), 'ms'),
    ];
  } finally {
    await workspace.remove();
  }
}
