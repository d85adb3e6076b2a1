import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { bundled } from './bundled.js';
import {
  cpuMs,
  parentMs,
  perSecond,
  ratio,
  runLoop,
  program,
  writeHistories,
  type Loop,
} from './loop.js';
import { recordedHistories } from './recorded-histories.js';
import { median, type Row } from './table.js';

const SECTION = 'replay, histories at hand';

/** Of the issue: everything is replayed, on 2 cores. */
const TARGET = 4.5;

/** A bundle for each takes about a second: as many show what one takes. */
const WITH_A_BUNDLE_EACH = 10;

export interface SpeedOptions {
  readonly histories: number;
  readonly pairs: number;
  readonly concurrency: number;
}

export interface Speed {
  readonly rows: readonly Row[];
  /** Histories a second, by the number of processes; 0 is the reference. */
  readonly curve: readonly { readonly processes: number; readonly perSecond: number }[];
}

/**
 * The gate's pool against the reference's loop, with the same SDK, bundle and histories, on the same cores,
 * in turn: what else the machine does meets both alike.
 */
export async function replaySpeed(options: SpeedOptions): Promise<Speed> {
  const workspace = await ordersWorkspace();
  try {
    const application = workspace.application;
    const workflows = join(application, 'src', 'workflows');
    const bench = join(workspace.path, '.git', 'bench');
    await mkdir(bench, { recursive: true });
    const bundle = await bundled(workflows, bench);
    const all = join(bench, 'all.jsonl');
    await writeHistories(all, await recordedHistories(options.histories));
    const few = join(bench, 'few.jsonl');
    await writeHistories(few, await recordedHistories(WITH_A_BUNDLE_EACH));
    const cwd = { cwd: application };
    const reference = join(import.meta.dirname, 'reference.mjs');
    const gate = (processes: number): Promise<Loop> =>
      runLoop(
        [
          ...program(join(import.meta.dirname, 'gate-loop.ts')),
          ...[String(processes), workflows, bundle, all],
        ],
        options.histories,
        cwd,
      );

    const pairs: { readonly theirs: Loop; readonly ours: Loop }[] = [];
    for (let pair = 0; pair < options.pairs; pair += 1) {
      const theirs = await runLoop(
        [process.execPath, reference, 'loop', workflows, bundle, all],
        options.histories,
        cwd,
      );
      const ours = await gate(options.concurrency);
      pairs.push({ theirs, ours });
      console.log(
        `  pair ${pair + 1}: reference ${perSecond(theirs).toFixed(0)}/s, ` +
          `gate ${perSecond(ours).toFixed(0)}/s, ratio ${ratio(theirs, ours).toFixed(2)}`,
      );
    }
    const each = await runLoop(
      [process.execPath, reference, 'each', workflows, bundle, few],
      WITH_A_BUNDLE_EACH,
      cwd,
    );
    const alone = options.concurrency === 1 ? [] : [{ processes: 1, loop: await gate(1) }];
    const twice = { processes: options.concurrency * 2, loop: await gate(options.concurrency * 2) };
    const rate = (pick: (pair: (typeof pairs)[number]) => Loop): number =>
      median(pairs.map((pair) => perSecond(pick(pair))));
    const cpu = (pick: (pair: (typeof pairs)[number]) => Loop): number =>
      median(pairs.map((pair) => cpuMs(pick(pair))));
    const ours = rate((pair) => pair.ours);
    const theirs = rate((pair) => pair.theirs);
    return {
      curve: [
        { processes: 0, perSecond: theirs },
        ...[...alone, twice].map(({ processes, loop: one }) => ({
          processes,
          perSecond: perSecond(one),
        })),
        { processes: options.concurrency, perSecond: ours },
      ].sort((a, b) => a.processes - b.processes),
      rows: [
        {
          section: SECTION,
          name: 'times the speed of the reference loop',
          value: median(pairs.map((pair) => ratio(pair.theirs, pair.ours))),
          unit: 'times',
          target: { at: 'least', value: TARGET },
          detail:
            `${options.histories} histories of about 60 events, ${options.concurrency} processes; ` +
            `single pairs ${pairs.map((pair) => ratio(pair.theirs, pair.ours).toFixed(2)).join(', ')}`,
        },
        { section: SECTION, name: 'reference loop', value: theirs, unit: 'a second' },
        { section: SECTION, name: 'gate', value: ours, unit: 'a second' },
        {
          section: SECTION,
          name: 'times the speed of one bundle per history',
          value: ours / perSecond(each),
          unit: 'times',
          detail: `${WITH_A_BUNDLE_EACH} histories took it ${each.seconds.toFixed(1)} s`,
        },
        {
          section: SECTION,
          name: 'processor time per history, reference loop',
          value: cpu((pair) => pair.theirs),
          unit: 'ms',
        },
        {
          section: SECTION,
          name: 'processor time per history, gate',
          value: cpu((pair) => pair.ours),
          unit: 'ms',
        },
        {
          section: SECTION,
          name: 'of it in the parent: decoding, preparing, the pipe',
          value: median(pairs.map(({ ours: one }) => parentMs(one))),
          unit: 'ms',
        },
      ],
    };
  } finally {
    await workspace.remove();
  }
}
