import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stopAllProcesses } from '../../testing/processes.js';
import { projectRoot } from '../../testing/project-root.js';
import { startDevServer } from '../../testing/temporal-server.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { SCENARIOS, type Scenario } from './corpus/scenarios.js';
import { editsByHand } from './edits/by-hand.js';
import type { Edit } from './edits/edit.js';
import { chooseEdits, type Base } from './edits/generate.js';
import { runGateOn } from './gate-run.js';
import { printKinds, printMisses, printSet } from './print.js';
import type { Sample, Truth } from './score.js';
import { traceDifference } from './truth/command-trace.js';
import { takeOver, type Stage, type TakeOver } from './truth/take-over.js';
import { WorkflowBundler } from './truth/workflow-bundler.js';

/** Edits that are under way at the same time: mostly they wait for the server. */
const LANES = 6;

interface Options {
  readonly seed: number;
  /** Kinds of edit, beginnings of edits' IDs, or `by-hand`; all by default. */
  readonly only?: readonly string[];
  /** So many edits, spread over all. */
  readonly sample?: number;
  /** To which file every sample is added, one a line. */
  readonly json?: string;
}

/** How well the gate tells what breaks, where and why, against what a real worker does: see README.md. */
export async function diagnosis(args: readonly string[]): Promise<boolean> {
  const options = readOptions(args);
  const began = Date.now();
  // Workers that fail are what this is about; what they say of it is in the histories.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { forward: {}, filter: 'OFF' } },
  });
  const folder = await temporaryFolder('diagnosis');
  const bundler = new WorkflowBundler();
  const server = await startDevServer({ searchAttributes: { Customer: 'Keyword' } });
  const connection = await NativeConnection.connect({ address: server.address });
  const clientConnection = await Connection.connect({ address: server.address });
  try {
    const bases = await readBases();
    const edits = chosen([...chooseEdits(bases, options.seed), ...editsByHand(bases)], options);
    if (edits.length === 0) throw new Error('there is no such edit');
    const client = new Client({ connection: clientConnection });
    const workshop = new Workshop(folder, { client, connection }, bundler);
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'dir');
    const wanted = new Set(edits.map(({ workflowType }) => workflowType));
    await workshop.prepare(bases.filter(({ workflowType }) => wanted.has(workflowType)));
    console.log(`${edits.length} edits, seed ${options.seed}, after ${seconds(began)} s`);

    const samples: Sample[] = [];
    const failures: string[] = [];
    let done = 0;
    await inLanes(edits, async (edit) => {
      try {
        const ofEdit = await workshop.samples(edit);
        samples.push(...ofEdit);
        if (options.json !== undefined) await appendFile(options.json, lines(ofEdit));
      } catch (error) {
        failures.push(`${edit.id}: ${error instanceof Error ? error.message : String(error)}`);
      }
      done += 1;
      if (done % 20 === 0) console.log(`  ${done} of ${edits.length} after ${seconds(began)} s`);
    });
    const inOrder = edits.flatMap(({ id }) => samples.filter(({ edit }) => edit.id === id));
    const held = report(inOrder);
    for (const failure of failures) console.log(`No truth or no answer: ${failure}`);
    console.log(`\n${seconds(began)} s`);
    return held && failures.length === 0;
  } finally {
    await connection.close();
    await clientConnection.close();
    bundler.stop();
    await removeFolder(folder);
    await stopAllProcesses();
  }
}

function report(samples: readonly Sample[]): boolean {
  printKinds(samples);
  printMisses(samples);
  // An edit that is marked as equivalent and is not would make every other mark doubtful.
  const unequal = samples.filter(
    ({ edit, truth }) => edit.equivalent && truth.kind !== 'continues',
  );
  for (const { edit, truth } of unequal) {
    console.log(`Marked as equivalent, and is not: ${edit.id} ${truth.kind}`);
  }
  const sets = [
    { title: 'Workflows that the diagnosis may be tuned on', heldOut: false },
    { title: 'Workflows that are held out', heldOut: true },
  ].map(({ title, heldOut }) => ({
    title,
    ofSet: samples.filter((sample) => sample.heldOut === heldOut),
  }));
  const held = sets
    .filter(({ ofSet }) => ofSet.length > 0)
    .map(({ title, ofSet }) => printSet(title, ofSet));
  return unequal.length === 0 && held.every(Boolean);
}

/** Makes one edit's code, lets it take over, and asks the gate. */
class Workshop {
  private readonly folder: string;
  private readonly server: Pick<Stage, 'client' | 'connection'>;
  private readonly bundler: WorkflowBundler;
  private readonly controls = new Map<string, readonly TakeOver[]>();
  private queues = 0;

  constructor(
    folder: string,
    server: Pick<Stage, 'client' | 'connection'>,
    bundler: WorkflowBundler,
  ) {
    this.folder = folder;
    this.server = server;
    this.bundler = bundler;
  }

  /** The bases' bundles, and what each scenario does when nothing is changed. */
  async prepare(bases: readonly Base[]): Promise<void> {
    await inLanes(bases, async ({ workflowType, text }) => {
      const code = await this.bundle(`base-${workflowType}`, workflowType, text);
      const scenario = scenarioOf(workflowType);
      const [control, again] = await Promise.all(
        [1, 2].map(() => takeOver(scenario, this.stage(code, code))),
      );
      if (control === undefined || again === undefined) throw new Error('no control');
      this.controls.set(workflowType, control);
      for (const one of again) {
        const truth = this.truthOf(workflowType, one);
        if (truth.kind !== 'continues') {
          throw new Error(`${workflowType} differs from itself: ${JSON.stringify(truth)}`);
        }
      }
    });
  }

  async samples({ text, ...edit }: Edit): Promise<Sample[]> {
    const { workflowType } = edit;
    const name = `edit-${(this.queues += 1)}`;
    const code = await this.bundle(name, workflowType, text);
    const scenario = scenarioOf(workflowType);
    const taken = await takeOver(scenario, this.stage(this.codePath(`base-${workflowType}`), code));
    const folder = join(this.folder, name);
    const answers = await runGateOn(folder, `${workflowType}.ts`, code, taken);
    await rm(folder, { recursive: true });
    return taken.map((one, index) => {
      const answer = answers[index];
      if (answer === undefined) throw new Error('the gate gave no answer');
      const truth = this.truthOf(workflowType, one);
      return { edit, heldOut: scenario.heldOut, cut: one.cut, truth, answer };
    });
  }

  private truthOf(workflowType: string, { cut, end }: TakeOver): Truth {
    if (end.kind !== 'went-on') return end;
    const control = this.controls.get(workflowType)?.find((one) => one.cut === cut)?.end;
    if (control?.kind !== 'went-on') {
      throw new Error(`the base of ${workflowType} does not go on: ${JSON.stringify(control)}`);
    }
    const difference = traceDifference(control.trace, end.trace);
    return difference === undefined
      ? { kind: 'continues' }
      : { kind: 'continues-differently', difference };
  }

  private stage(base: string, edit: string): Stage {
    return { ...this.server, taskQueue: `queue-${(this.queues += 1)}`, base, edit };
  }

  private codePath(name: string): string {
    return join(this.folder, `${name}.js`);
  }

  private async bundle(name: string, workflowType: string, text: string): Promise<string> {
    const folder = join(this.folder, name);
    const file = join(folder, `${workflowType}.ts`);
    await mkdir(folder, { recursive: true });
    await writeFile(file, text);
    await this.bundler.bundleTo(this.codePath(name), file);
    return this.codePath(name);
  }
}

async function readBases(): Promise<Base[]> {
  return Promise.all(
    SCENARIOS.map(async ({ workflowType, heldOut }) => {
      const path = join(import.meta.dirname, 'corpus', `${workflowType}.ts`);
      return { workflowType, heldOut, text: await readFile(path, 'utf8') };
    }),
  );
}

function scenarioOf(workflowType: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.workflowType === workflowType);
  if (scenario === undefined) throw new Error(`there is no scenario for ${workflowType}`);
  return scenario;
}

function chosen(edits: readonly Edit[], { only, sample }: Options): Edit[] {
  const wanted = edits.filter(
    ({ kind, id, origin }) =>
      only === undefined ||
      only.some((one) => kind === one || origin === one || id.startsWith(one)),
  );
  if (sample === undefined || sample >= wanted.length) return wanted;
  return Array.from({ length: sample }, (_, index) => {
    const edit = wanted[Math.floor((index * wanted.length) / sample)];
    if (edit === undefined) throw new Error('an index is out of range');
    return edit;
  });
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const lane = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  // Also when one fails: workers that still run hold the connection.
  const ends = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
  }
}

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      sample: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { seed, only, sample, json } = values;
  return {
    seed: whole('seed', seed),
    ...(only === undefined ? {} : { only: only.split(',') }),
    ...(sample === undefined ? {} : { sample: whole('sample', sample) }),
    ...(json === undefined ? {} : { json }),
  };
}

function whole(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new Error(`--${name} takes a whole number, not "${text}"`);
  }
  return number;
}

/** One line of JSON for each, so that a run that is stopped leaves what it has found. */
function lines(samples: readonly Sample[]): string {
  return samples
    .map(({ edit, ...sample }) => ({
      ...sample,
      edit: { ...edit, lines: edit.lines && [...edit.lines] },
    }))
    .map((sample) => `${JSON.stringify(sample)}\n`)
    .join('');
}

function seconds(began: number): string {
  return ((Date.now() - began) / 1000).toFixed(0);
}
