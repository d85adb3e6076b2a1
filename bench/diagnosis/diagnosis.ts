import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stopAllProcesses } from '../../testing/processes.js';
import { projectRoot } from '../../testing/project-root.js';
import { startDevServer } from '../../testing/temporal-server.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { REPLAYER } from '../shipped-replayer.js';
import { SCENARIOS, type Scenario } from './corpus/scenarios.js';
import { editsByHand } from './edits/by-hand.js';
import type { Edit } from './edits/edit.js';
import { chooseEdits, type Base } from './edits/generate.js';
import { answersOf, replayEdit, type Code, type EditAnswer } from './gate-run.js';
import { keptOr } from './kept.js';
import { printKinds, printMisses, printSet } from './print.js';
import type { Said, Sample, Truth } from './score.js';
import { traceDifference } from './truth/command-trace.js';
import { takeOver, type Recorded, type Stage, type TakeOver } from './truth/take-over.js';
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
  /** A folder that keeps truth and replays, and from which they are taken where nothing has changed. */
  readonly keep?: string;
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
  const { keep } = options;
  const folder = keep === undefined ? await temporaryFolder('diagnosis') : resolve(keep);
  const bundler = new WorkflowBundler();
  const server = new LazyServer();
  try {
    const bases = await readBases();
    const edits = chosen([...chooseEdits(bases, options.seed), ...editsByHand(bases)], options);
    if (edits.length === 0) throw new Error('there is no such edit');
    await mkdir(folder, { recursive: true });
    const modules = join(folder, 'node_modules');
    if (!existsSync(modules)) await symlink(join(projectRoot, 'node_modules'), modules, 'dir');
    const workshop = new Workshop(folder, server, bundler, await hashOfReplayer());
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
    await server.close();
    bundler.stop();
    if (keep === undefined) await removeFolder(folder);
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
    .flatMap(({ title, ofSet }) => [
      printSet(title, ofSet),
      printSet(`${title}, with a base line`, ofSet.map(withBaseline)),
    ]);
  return unequal.length === 0 && held.every(Boolean);
}

function withBaseline(sample: Sample): Sample {
  return { ...sample, said: sample.saidWithBaseline };
}

/** Started when the first truth is asked for: one that is kept needs none. */
class LazyServer {
  private started: Promise<Pick<Stage, 'client' | 'connection'>> | undefined;

  get(): Promise<Pick<Stage, 'client' | 'connection'>> {
    this.started ??= this.start();
    return this.started;
  }

  async close(): Promise<void> {
    if (this.started === undefined) return;
    const { client, connection } = await this.started;
    await connection.close();
    await client.connection.close();
  }

  private async start(): Promise<Pick<Stage, 'client' | 'connection'>> {
    const { address } = await startDevServer({ searchAttributes: { Customer: 'Keyword' } });
    return {
      client: new Client({ connection: await Connection.connect({ address }) }),
      connection: await NativeConnection.connect({ address }),
    };
  }
}

interface Prepared {
  readonly text: string;
  readonly code: Code;
  readonly control: readonly TakeOver[];
  /** Executions that the base began, took over and brought to their close. */
  readonly closed: readonly Recorded[];
}

/** Makes one edit's code, lets it take over, and asks the gate. */
class Workshop {
  private readonly folder: string;
  private readonly server: LazyServer;
  private readonly bundler: WorkflowBundler;
  private readonly replayer: string;
  private readonly bases = new Map<string, Prepared>();
  private readonly bundles = new Map<string, Promise<string>>();
  private queues = 0;

  /** @param replayer hash of the program that replays: another one may say something else */
  constructor(folder: string, server: LazyServer, bundler: WorkflowBundler, replayer: string) {
    this.folder = folder;
    this.server = server;
    this.bundler = bundler;
    this.replayer = replayer;
  }

  /** The bases' code, and what each scenario does when nothing is changed. */
  async prepare(bases: readonly Base[]): Promise<void> {
    await inLanes(bases, async ({ workflowType, text }) => {
      const code = await this.write(`base-${workflowType}`, workflowType, text);
      const scenario = scenarioOf(workflowType);
      const path = join(code.folder, 'truth.json');
      const [control, again] = await keptOr(path, [scenario, text], () =>
        this.bundled(code).then((bundle) =>
          Promise.all([1, 2].map(() => this.takeOver(scenario, bundle, bundle))),
        ),
      );
      if (control === undefined || again === undefined) throw new Error('no control');
      const closed = [...control, ...again].flatMap(({ end }) =>
        end.kind === 'went-on' && end.closed !== undefined ? [end.closed] : [],
      );
      if (closed.length === 0) throw new Error(`no execution of ${workflowType} closes`);
      this.bases.set(workflowType, { text, code, control, closed });
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
    const scenario = scenarioOf(workflowType);
    const base = this.bases.get(workflowType);
    if (base === undefined) throw new Error(`the base of ${workflowType} is not prepared`);
    const code = await this.write(edit.id.replaceAll('/', '-'), workflowType, text);
    const truthKey = [scenario, base.text, text];
    const taken = await keptOr(join(code.folder, 'truth.json'), truthKey, async () =>
      this.takeOver(scenario, await this.bundled(base.code), await this.bundled(code)),
    );
    const executions = [...taken, ...base.closed].map(({ execution }) => execution);
    const replaysKey = [executions, text, this.replayer];
    const replayed = await keptOr(join(code.folder, 'replays.json'), replaysKey, async () => {
      await Promise.all([this.bundled(base.code), this.bundled(code)]);
      const answers = await replayEdit(code, base.code, taken, base.closed);
      await rm(code.scratch, { recursive: true });
      return answers;
    });
    const alone = answersOf(replayed, code.folder);
    const compared = answersOf(replayed, code.folder, base.code.folder);
    return taken.map((one, index) => {
      const truth = this.truthOf(workflowType, one);
      return {
        edit,
        heldOut: scenario.heldOut,
        cut: one.cut,
        truth,
        said: saidOf(alone, index),
        saidWithBaseline: saidOf(compared, index),
      };
    });
  }

  private truthOf(workflowType: string, { cut, end }: TakeOver): Truth {
    if (end.kind !== 'went-on') return end;
    const control = this.bases.get(workflowType)?.control.find((one) => one.cut === cut)?.end;
    if (control?.kind !== 'went-on') {
      throw new Error(`the base of ${workflowType} does not go on: ${JSON.stringify(control)}`);
    }
    const difference = traceDifference(control.trace, end.trace);
    return difference === undefined
      ? { kind: 'continues' }
      : { kind: 'continues-differently', difference };
  }

  private async takeOver(scenario: Scenario, base: string, edit: string): Promise<TakeOver[]> {
    const taskQueue = `queue-${(this.queues += 1)}`;
    return takeOver(scenario, { ...(await this.server.get()), taskQueue, base, edit });
  }

  /** Writes the workflow's file; its bundle is made when something runs it. */
  private async write(name: string, workflowType: string, text: string): Promise<Code> {
    const folder = join(this.folder, name);
    const workflows = `${workflowType}.ts`;
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, workflows), text);
    const bundle = join(this.folder, `${name}.js`);
    // Bundles that record hold a part of the replayer.
    const scratch = join(folder, `scratch-${this.replayer.slice(0, 12)}`);
    return { folder, workflows, bundle, scratch };
  }

  private bundled({ folder, workflows, bundle }: Code): Promise<string> {
    let made = this.bundles.get(bundle);
    if (made === undefined) {
      made = this.bundler.bundleTo(bundle, join(folder, workflows)).then(() => bundle);
      this.bundles.set(bundle, made);
    }
    return made;
  }
}

function saidOf({ answers, ...ofEdit }: EditAnswer, index: number): Said {
  const answer = answers[index];
  if (answer === undefined) throw new Error('the gate gave no answer');
  return { ...answer, ...ofEdit };
}

async function hashOfReplayer(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['index.js', 'recorder.js']) hash.update(await readFile(join(REPLAYER, file)));
  return hash.digest('hex');
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
      keep: { type: 'string' },
    },
  });
  const { seed, only, sample, json, keep } = values;
  return {
    seed: whole('seed', seed),
    ...(only === undefined ? {} : { only: only.split(',') }),
    ...(sample === undefined ? {} : { sample: whole('sample', sample) }),
    ...(json === undefined ? {} : { json }),
    ...(keep === undefined ? {} : { keep }),
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
