import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { bundled } from './bundled.js';
import { lastLine, program, writeHistories, type Loop } from './loop.js';
import { startServerProgram } from './server-program.js';
import {
  BREAKING,
  BROKEN,
  CHANGED_WORKFLOWS,
  EXECUTIONS,
  historyOf,
  SHAPES,
  WORKFLOW_TYPE,
  WORKFLOWS,
} from './shapes.js';
import { median, type Row } from './table.js';

const FILE = 'src/workflows/index.ts';
const QUERY = 'TaskQueue = "scale"';

/** Of the issue: so many times sooner than the reference. */
const TARGETS = { blind: 6, tells: 12 } as const;

export interface FirstDivergenceOptions {
  readonly seeds: number;
  readonly concurrency: number;
}

interface Way {
  readonly seconds: number;
  readonly replays: number;
  /** Histories that the server was asked for. */
  readonly reads: number;
  readonly isFound: boolean;
}

/**
 * Seconds from the ready bundle to the first divergence that is known, where one shape of 200 breaks, in 0.1 % of
 * 10,000 executions: the gate's pipeline against the reference, which takes them as they are listed.
 */
export async function firstDivergenceInSeconds({
  seeds,
  concurrency,
}: FirstDivergenceOptions): Promise<readonly Row[]> {
  await proveValid();
  const workspace = await ordersWorkspace({ files: { [FILE]: CHANGED_WORKFLOWS } });
  const bench = await mkdtemp(join(tmpdir(), 'bench-first-'));
  try {
    const { application } = workspace;
    const workflows = join(application, 'src', 'workflows');
    const bundle = await bundled(workflows, bench);
    const rows: Row[] = [];
    for (const how of ['blind', 'tells'] as const) {
      const pairs: { readonly theirs: Way; readonly ours: Way }[] = [];
      for (let seed = 0; seed < seeds; seed += 1) {
        const theirs = await until(seed, how, application, (address) => [
          process.execPath,
          join(import.meta.dirname, 'reference-first-divergence.mjs'),
          ...[bundle, address, QUERY],
        ]);
        const ours = await until(seed, how, application, (address) => [
          ...program(join(import.meta.dirname, 'gate-first-divergence.ts')),
          ...[workflows, bundle, address, QUERY, String(seed), String(concurrency)],
        ]);
        pairs.push({ theirs, ours });
        console.log(
          `  ${how}, seed ${seed}: reference ${wayWords(theirs)}; gate ${wayWords(ours)}`,
        );
      }
      rows.push(...rowsOf(how, pairs));
    }
    return rows;
  } finally {
    await workspace.remove();
    await rm(bench, { recursive: true, force: true });
  }
}

function rowsOf(
  how: 'blind' | 'tells',
  pairs: readonly { readonly theirs: Way; readonly ours: Way }[],
): Row[] {
  const words = how === 'blind' ? 'blind' : 'where length tells the shape';
  const section = `seconds until the first divergence, ${words}: 1 shape of ${SHAPES} in ${BROKEN} of ${EXECUTIONS} executions, ${pairs.length} seeds`;
  const of = (pick: (way: Way) => number, who: 'theirs' | 'ours'): number =>
    median(pairs.map((pair) => pick(pair[who])));
  const seconds = ({ seconds: took }: Way): number => took;
  const rowOf = (who: 'theirs' | 'ours', name: string): Row => ({
    section,
    name,
    value: of(seconds, who),
    unit: 's',
    detail:
      `median; replayed ${of(({ replays }) => replays, who)}, read ${of(({ reads }) => reads, who)}, ` +
      `found in ${pairs.filter((pair) => pair[who].isFound).length} of ${pairs.length}`,
  });
  return [
    rowOf('theirs', 'the reference'),
    rowOf('ours', 'the gate'),
    {
      section,
      name: `times sooner than the reference, ${words}`,
      value: of(seconds, 'theirs') / of(seconds, 'ours'),
      unit: 'times',
      target: { at: 'least', value: TARGETS[how] },
      detail: `single seeds ${pairs.map(({ theirs, ours }) => (theirs.seconds / ours.seconds).toFixed(1)).join(', ')}`,
    },
  ];
}

function wayWords({ seconds, replays, reads }: Way): string {
  return `${seconds.toFixed(1)} s (${replays} replayed, ${reads} read)`;
}

/** One way to the first divergence, over a server of its own. */
async function until(
  seed: number,
  how: 'blind' | 'tells',
  application: string,
  programOf: (address: string) => readonly [string, ...string[]],
): Promise<Way> {
  const file = join(import.meta.dirname, 'shapes-server.ts');
  const server = await startServerProgram(file, [String(seed), how]);
  try {
    const [command, ...args] = programOf(server.address);
    const way = await lastLine<Omit<Way, 'reads'>>(command, args, { cwd: application });
    const requests = await server.requests();
    return { ...way, reads: requests['GetWorkflowExecutionHistory'] ?? 0 };
  } finally {
    await server.stop();
  }
}

/**
 * Replays one history of each shape with the SDK alone: with the code before the change all of them pass, and with
 * the change one breaks. Histories that are made up would else prove nothing.
 */
async function proveValid(): Promise<void> {
  for (const [files, breaks] of [
    [WORKFLOWS, []],
    [CHANGED_WORKFLOWS, [BREAKING, SHAPES + BREAKING]],
  ] as const) {
    const workspace = await ordersWorkspace({ files: { [FILE]: files } });
    const bench = await mkdtemp(join(tmpdir(), 'bench-valid-'));
    try {
      const { application } = workspace;
      const bundle = await bundled(join(application, 'src', 'workflows'), bench);
      const all = [false, true].flatMap((tells) =>
        Array.from({ length: SHAPES }, (_, shape) => {
          const ids = { workflowId: `route-${shape}`, runId: `run-${shape}` };
          const events = historyOf(shape, tells, ids);
          const bytes = HistoryMessage.encode({ events }).finish();
          return {
            ...ids,
            workflowType: WORKFLOW_TYPE,
            history: Buffer.from(bytes).toString('base64'),
          };
        }),
      );
      const file = join(bench, 'histories.jsonl');
      await writeHistories(file, all);
      const { passed } = await lastLine<Loop>(
        process.execPath,
        [join(import.meta.dirname, 'reference.mjs'), 'loop', '', bundle, file],
        { cwd: application },
      );
      if (passed !== all.length - breaks.length) {
        throw new Error(`${passed} of ${all.length} made-up histories pass`);
      }
    } finally {
      await workspace.remove();
      await rm(bench, { recursive: true, force: true });
    }
  }
}
