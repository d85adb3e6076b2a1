import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../testing/project-root.js';
import { stopAllProcesses } from '../../testing/processes.js';
import { memoryCurve, speedCurve } from './curves.js';
import { endToEnd } from './end-to-end.js';
import { firstDivergenceInSeconds } from './first-divergence.js';
import { largeHistory } from './large-history.js';
import { goSpeed } from './go/go-speed.js';
import { manyExecutions } from './many-executions.js';
import { pythonSpeed } from './python/python-speed.js';
import { replaySpeed } from './replay-speed.js';
import { detection, firstDivergence } from './simulation.js';
import { isHeld, rowWords, type Row } from './table.js';

interface Size {
  readonly isQuick: boolean;
  readonly concurrency: number;
}

/** What is measured: a table, and the curves that show it. */
interface Part {
  readonly rows: readonly Row[];
  /** SVG by the name of its file. */
  readonly curves?: Readonly<Record<string, string>>;
}

/** In the order in which they run. */
const PARTS: Readonly<Record<string, (size: Size) => Part | Promise<Part>>> = {
  simulation: ({ isQuick }) => {
    const seeds = isQuick ? 100 : 1000;
    return { rows: [...firstDivergence(seeds), ...detection(seeds)] };
  },
  'first-divergence': async ({ isQuick, concurrency }) => ({
    rows: await firstDivergenceInSeconds({ seeds: isQuick ? 3 : 15, concurrency }),
  }),
  many: async ({ isQuick }) => {
    const { rows, curve } = await manyExecutions({
      few: 10_000,
      many: 100_000,
      reads: isQuick ? 500 : 10_000,
      replays: isQuick ? 100 : 1000,
    });
    return { rows, curves: { 'memory.svg': memoryCurve(curve) } };
  },
  large: async ({ isQuick }) => ({ rows: await largeHistory({ share: isQuick ? 0.2 : 1 }) }),
  replay: async ({ isQuick, concurrency }) => {
    const { rows, curve } = await replaySpeed({
      histories: isQuick ? 200 : 5000,
      pairs: isQuick ? 3 : 5,
      concurrency,
    });
    return { rows, curves: { 'replay-speed.svg': speedCurve(curve) } };
  },
  go: async ({ isQuick, concurrency }) => ({
    rows: await goSpeed({
      histories: isQuick ? 4000 : 10_000,
      pairs: isQuick ? 3 : 5,
      concurrency,
    }),
  }),
  python: async ({ isQuick, concurrency }) => ({
    rows: await pythonSpeed({
      histories: isQuick ? 120 : 600,
      pairs: isQuick ? 3 : 5,
      concurrency,
    }),
  }),
  'end-to-end': async ({ isQuick }) => ({
    rows: await endToEnd({ histories: isQuick ? 200 : 5000, pairs: isQuick ? 1 : 3 }),
  }),
};

/**
 * `npm run bench -- scale [--quick] [--only PART]… [--write]`: what the gate is held to where there are many
 * executions. Written as JSON too, with curves as SVG: into docs/performance with --write, else into --out.
 */
export async function scale(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: Object.keys(PARTS) },
      write: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const size = { isQuick: values.quick, concurrency: Math.min(2, availableParallelism()) };
  const folder = values.write
    ? join(projectRoot, 'docs', 'performance')
    : values.out === undefined
      ? undefined
      : resolve(values.out);
  const parts: Record<string, MeasuredPart> = {};
  const curves: Record<string, string> = {};
  try {
    for (const name of values.only) {
      const part = PARTS[name];
      if (part === undefined) throw new Error(`there is no part ${name}`);
      console.log(`\n${name}`);
      const measured = await part(size);
      let section = '';
      for (const row of measured.rows) {
        if (row.section !== section) console.log(`\n ${(section = row.section)}`);
        console.log(rowWords(row));
      }
      const { isQuick, concurrency } = size;
      parts[name] = {
        quick: isQuick,
        cores: concurrency,
        node: process.version,
        rows: measured.rows,
      };
      Object.assign(curves, measured.curves);
    }
  } finally {
    await stopAllProcesses();
  }
  if (folder !== undefined) {
    const file = join(folder, 'scale.json');
    const table = { ...(await partsIn(file)), ...parts };
    await write(file, `${JSON.stringify(table, null, 2)}\n`);
    for (const [file, svg] of Object.entries(curves)) await write(join(folder, file), svg);
  }
  const rows = Object.values(parts).flatMap((part) => part.rows);
  const missed = rows.filter((row) => !isHeld(row));
  console.log(
    missed.length === 0
      ? '\nAll targets are held.'
      : `\n${missed.length} ${missed.length === 1 ? 'target is' : 'targets are'} MISSED: ${missed.map(({ name }) => name).join('; ')}`,
  );
  return missed.length === 0;
}

/** One part as it was measured, each in a run of its own. */
interface MeasuredPart {
  readonly quick: boolean;
  readonly cores: number;
  readonly node: string;
  readonly rows: readonly Row[];
}

/** What other runs have left there stays: all parts in one run take hours. */
async function partsIn(file: string): Promise<Readonly<Record<string, MeasuredPart>>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text) as Readonly<Record<string, MeasuredPart>>;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
