import { Client, Connection } from '@temporalio/client';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../testing/project-root.js';
import { stopAllProcesses } from '../../testing/processes.js';
import { startDevServer } from '../../testing/temporal-server.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { inLanes } from '../in-lanes.js';
import type { Edit } from './edits/edit.js';
import { beforePatches, changesPatches } from './edits/before-patches.js';
import type { Base } from './edits/generate.js';
import {
  answersOf,
  BaseReplayers,
  replayEdit,
  type EditAnswer,
  type ProvenEdit,
} from './gate-run.js';
import { keptOr } from './kept.js';
import type { Code, CorpusLanguage, Poll, Workbench } from './languages/language.js';
import { CORPORA } from './languages/languages.js';
import { printKinds, printMisses, printSet } from './print.js';
import type { Scenario } from './scenarios.js';
import type { Said, Sample, Truth } from './score.js';
import { isClosedAtOnce } from './truth/closed-at-once.js';
import { traceDifference } from './truth/command-trace.js';
import { takeOver, type Recorded, type TakeOver } from './truth/take-over.js';

interface Options {
  readonly language: CorpusLanguage;
  readonly seed: number;
  /** Kinds of edit, beginnings of edits' IDs, or `by-hand`; all by default. */
  readonly only?: readonly string[];
  /** So many edits, spread over all. */
  readonly sample?: number;
  /** Edits that are under way at the same time; by default what suits the language. */
  readonly lanes: number;
  /** To which file every sample is added, one a line. */
  readonly json?: string;
  /** A folder that keeps truth and replays, and from which they are taken where nothing has changed. */
  readonly keep?: string;
}

/** How well the gate tells what breaks, where and why, against what a real worker does: see README.md. */
export async function diagnosis(args: readonly string[]): Promise<boolean> {
  const options = readOptions(args);
  const began = Date.now();
  const { keep, language } = options;
  const folder = keep === undefined ? await temporaryFolder('diagnosis') : resolve(keep);
  const server = new LazyServer();
  let workbench: Workbench | undefined;
  let workshop: Workshop | undefined;
  try {
    const bases = await language.bases();
    const edits = chosen(language.edits(bases, options.seed), options);
    if (edits.length === 0) throw new Error('there is no such edit');
    await mkdir(folder, { recursive: true });
    workbench = await language.open(folder);
    const opened = new Workshop(language, workbench, server, options.lanes);
    workshop = opened;
    const wanted = new Set(edits.map(({ workflowType }) => workflowType));
    await opened.prepare(bases.filter(({ workflowType }) => wanted.has(workflowType)));
    console.log(`${edits.length} edits, seed ${options.seed}, after ${seconds(began)} s`);

    const samples: Sample[] = [];
    const failures: string[] = [];
    let done = 0;
    await inLanes(edits, options.lanes, async (edit) => {
      try {
        const ofEdit = await opened.samples(edit);
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
    workshop?.close();
    await workbench?.close();
    await server.close();
    if (keep === undefined) await removeFolder(folder);
    await stopAllProcesses();
  }
}

function report(samples: readonly Sample[]): boolean {
  printKinds(samples);
  printMisses('', samples);
  printMisses(', with a baseline', samples.map(withBaseline));
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
      printSet(`${title}, with a baseline`, ofSet.map(withBaseline)),
    ]);
  return unequal.length === 0 && held.every(Boolean);
}

function withBaseline(sample: Sample): Sample {
  return { ...sample, said: sample.saidWithBaseline };
}

/** Started when the first truth is asked for: one that is kept needs none. */
class LazyServer {
  private started: Promise<{ client: Client } & Omit<Poll, 'taskQueue'>> | undefined;

  get(): Promise<{ client: Client } & Omit<Poll, 'taskQueue'>> {
    this.started ??= this.start();
    return this.started;
  }

  async close(): Promise<void> {
    if (this.started === undefined) return;
    await (await this.started).client.connection.close();
  }

  private async start(): Promise<{ client: Client } & Omit<Poll, 'taskQueue'>> {
    const { address, namespace } = await startDevServer({
      searchAttributes: { Customer: 'Keyword' },
    });
    const connection = await Connection.connect({ address });
    return { client: new Client({ connection, namespace }), address, namespace };
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
  private readonly language: CorpusLanguage;
  private readonly workbench: Workbench;
  private readonly server: LazyServer;
  private readonly lanes: number;
  private readonly bases = new Map<string, Prepared>();
  private readonly older = new Map<string, Promise<readonly Recorded[]>>();
  private readonly baseReplayers = new BaseReplayers();
  private queues = 0;

  constructor(language: CorpusLanguage, workbench: Workbench, server: LazyServer, lanes: number) {
    this.lanes = lanes;
    this.language = language;
    this.workbench = workbench;
    this.server = server;
  }

  /** The bases' code, and what each scenario does when nothing is changed. */
  async prepare(bases: readonly Base[]): Promise<void> {
    await inLanes(bases, this.lanes, async ({ workflowType, file, text }) => {
      const code = await this.workbench.write(`base-${workflowType}`, file, text);
      const scenario = this.scenarioOf(workflowType);
      const key = [scenario, text, this.workbench.surroundings];
      const [control, again] = await keptOr(keptBeside(code, 'truth'), key, () =>
        Promise.all([1, 2].map(() => this.takeOver(scenario, code, code))),
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
    const { workflowType, file } = edit;
    const { workbench } = this;
    const scenario = this.scenarioOf(workflowType);
    const base = this.bases.get(workflowType);
    if (base === undefined) throw new Error(`the base of ${workflowType} is not prepared`);
    const code = await workbench.write(edit.id.replaceAll('/', '-'), file, text);
    const truthKey = [scenario, base.text, text, workbench.surroundings];
    const taken = await keptOr(keptBeside(code, 'truth'), truthKey, () =>
      this.takeOver(scenario, base.code, code),
    );
    const older = changesPatches(base.text, text, this.language.name)
      ? await this.olderOf(workflowType, base.text)
      : [];
    const executions = [...taken, ...base.closed, ...older].map(({ execution }) => execution);
    const replaysKey = [
      'with proven fixes',
      await remedyHash(),
      executions,
      text,
      workbench.replayer,
    ];
    const replayed = await keptOr(keptBeside(code, 'replays'), replaysKey, async () => {
      const answers = await replayEdit(workbench, this.baseReplayers, code, base.code, {
        takenOver: taken,
        closed: base.closed,
        older,
      });
      await workbench.forgetReplays(code);
      return {
        ...answers,
        proof: await this.heldByWorker(answers.proof, scenario, edit, base.code),
      };
    });
    const { name } = this.language;
    const alone = answersOf(replayed, name, code.folder);
    const compared = answersOf(replayed, name, code.folder, base.code.folder);
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

  /** Lets a real worker with what is offered take over, as the edit's did. */
  private async heldByWorker(
    proof: ProvenEdit,
    scenario: Scenario,
    edit: Omit<Edit, 'text'>,
    base: Code,
  ): Promise<ProvenEdit> {
    if (proof.fixedText === undefined) return proof;
    const name = `${edit.id.replaceAll('/', '-')}-offered`;
    const code = await this.workbench.write(name, edit.file, proof.fixedText);
    const taken = await this.takeOver(scenario, base, code);
    const failed = taken.flatMap(({ cut, end }) =>
      end.kind === 'breaks' ? [`the worker at cut ${cut}: ${end.message}`] : [],
    );
    return { ...proof, notPassing: [...proof.notPassing, ...failed] };
  }

  /** Executions that code from before the patches began, some at their cuts and some closed. */
  private olderOf(workflowType: string, baseText: string): Promise<readonly Recorded[]> {
    let older = this.older.get(workflowType);
    if (older === undefined) {
      older = this.makeOlder(workflowType, baseText);
      this.older.set(workflowType, older);
    }
    return older;
  }

  private async makeOlder(workflowType: string, baseText: string): Promise<readonly Recorded[]> {
    const file = this.bases.get(workflowType)?.code.file;
    if (file === undefined) throw new Error(`the base of ${workflowType} is not prepared`);
    const text = beforePatches(baseText, this.language.name);
    if (text === baseText) return [];
    const code = await this.workbench.write(`older-${workflowType}`, file, text);
    const scenario = this.scenarioOf(workflowType);
    const key = [scenario, text, this.workbench.surroundings];
    const taken = await keptOr(keptBeside(code, 'truth'), key, () =>
      this.takeOver(scenario, code, code),
    );
    // The last one as it was when it closed, the others as they were at their cuts.
    return taken.map(({ execution, history, end }, index) => {
      const closed = end.kind === 'went-on' ? end.closed : undefined;
      return index === taken.length - 1 && closed !== undefined ? closed : { execution, history };
    });
  }

  private truthOf(workflowType: string, taken: TakeOver): Truth {
    const { cut, end } = taken;
    if (end.kind !== 'went-on') return end;
    if (
      this.language.closesUnchecked === true &&
      isClosedAtOnce(taken.history, end.closed?.history)
    ) {
      return { kind: 'closes-at-once' };
    }
    const control = this.bases.get(workflowType)?.control.find((one) => one.cut === cut)?.end;
    if (control?.kind !== 'went-on') {
      throw new Error(`the base of ${workflowType} does not go on: ${JSON.stringify(control)}`);
    }
    const difference = traceDifference(control.trace, end.trace);
    return difference === undefined
      ? { kind: 'continues' }
      : { kind: 'continues-differently', difference };
  }

  close(): void {
    this.baseReplayers.close();
  }

  private async takeOver(scenario: Scenario, base: Code, edit: Code): Promise<TakeOver[]> {
    const taskQueue = `queue-${(this.queues += 1)}`;
    const { client, ...where } = await this.server.get();
    const code = { base, edit };
    return takeOver(scenario, {
      client,
      taskQueue,
      startWorker: (which) => this.workbench.startWorker(code[which], { ...where, taskQueue }),
      passing: this.language.passing,
    });
  }

  private scenarioOf(workflowType: string): Scenario {
    const scenario = this.language.scenarios.find((one) => one.workflowType === workflowType);
    if (scenario === undefined) throw new Error(`there is no scenario for ${workflowType}`);
    return scenario;
  }
}

/** Hash of what writes edits: another one offers others. */
async function remedyHash(): Promise<string> {
  const folder = join(projectRoot, 'src', 'remedy');
  const hash = createHash('sha256');
  for (const file of (await readdir(folder)).sort())
    hash.update(await readFile(join(folder, file)));
  return hash.digest('hex');
}

/** Where something that was found out about code is kept: not in its folder, which is the application's. */
function keptBeside({ folder }: Code, what: string): string {
  return `${folder}-${what}.json`;
}

function saidOf({ answers, ...ofEdit }: EditAnswer, index: number): Said {
  const answer = answers[index];
  if (answer === undefined) throw new Error('the gate gave no answer');
  return { ...answer, ...ofEdit };
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

function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      language: { type: 'string', default: 'typescript' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      sample: { type: 'string' },
      lanes: { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const { seed, only, sample, lanes, json, keep } = values;
  const language = CORPORA[values.language as keyof typeof CORPORA];
  if (language === undefined) {
    throw new Error(
      `--language takes ${Object.keys(CORPORA).join(', ')}, not "${values.language}"`,
    );
  }
  return {
    language,
    seed: whole('seed', seed),
    ...(only === undefined ? {} : { only: only.split(',') }),
    lanes: lanes === undefined ? language.lanes : whole('lanes', lanes),
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
