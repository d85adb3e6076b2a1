import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { type Failure } from '../../src/diagnosis/failure.js';
import { reviewDrift } from '../../src/diagnosis/drift.js';
import { resemblanceOf } from '../../src/diagnosis/signature.js';
import { HistoryFiles } from '../../src/temporal/history-files.js';
import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import type { HistoryRead } from '../../src/model/history.js';
import { UserError } from '../../src/model/user-error.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import { ReplayerProcess, type ReplayResult } from '../../src/replay/replayer-process.js';
import { figure } from '../../testing/notes.js';
import { Random } from '../../testing/random.js';
import { isTrusting, share } from '../../testing/tiers.js';
import { firstSeed, repeatWords } from '../../testing/seeds.js';
import { projectRoot } from '../../testing/project-root.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import type { Workspace } from '../../testing/workspace.js';
import { COMMANDS_NAMESPACE } from '../fixtures/commands-scenarios.js';
import { readFixtures, type Fixture } from '../fixtures/histories.js';
import { commandsWorkspace } from '../replayers/commands-application.js';
import { TypeScriptReplayer } from '../replayers/typescript-replayer.js';
import { encoded, mutateBytes, mutateHistory } from './mutate-history.js';
import { temporalReader } from '../../src/temporal/reader.js';

/**
 * Histories that no server would write, through all that looks at one: the reader of files, the real
 * replayer and its SDK, the diagnosis. Nothing crashes or hangs, what cannot be read is said, and what is
 * counted as passed passes by the SDK's plain replay too.
 */

const COUNT = share({ fast: 40, middle: 100, trust: 20_000 });

/** Of those that pass, one in so many is replayed by the SDK alone, which takes long. */
const ONE_IN = 25;

/** Milliseconds: a history here has a few dozen events. */
const LIMIT_MS = 6_000;

/** On many mutated histories the SDK waits for what never comes, which costs time and no processor. */
const LANES = isTrusting ? 6 : 2;

const SET = 'commands-1.24.0';

type Read = Extract<HistoryRead, { kind: 'read' }>;

let workspace: Workspace;
let folder: string;
let scratch: string;
let lanes: readonly Lane[] = [];

beforeAll(async () => {
  workspace = await commandsWorkspace();
  folder = await temporaryFolder('fuzzed-histories');
  scratch = await temporaryFolder('scratch');
  // The first makes the bundle of all.
  const first = await startReplayer();
  const others = await Promise.all(Array.from({ length: LANES - 1 }, startReplayer));
  lanes = [first, ...others].map((replayer, index) => new Lane(replayer, index));
});
afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.stop()));
  await Promise.all([removeFolder(scratch), removeFolder(folder), workspace.remove()]);
});

function startReplayer(): Promise<TypeScriptReplayer> {
  const namespace = COMMANDS_NAMESPACE;
  return TypeScriptReplayer.start(workspace.application, { namespace, scratch });
}

/** The smallest replayer there is: the SDK's own replay of each history, and nothing around it. */
async function startSdkAlone(): Promise<ReplayerProcess> {
  const started = await ReplayerProcess.start(
    {
      file: process.execPath,
      args: [join(projectRoot, 'examples', 'replayer', 'replayer.mjs'), './src/workflows'],
      cwd: workspace.application,
      environment: { PATH: process.env['PATH'] ?? '', HOME: folder },
    },
    {
      type: 'start',
      protocol: 1,
      options: { scratch, accelerate: false },
      namespace: COMMANDS_NAMESPACE,
    },
    new AbortController().signal,
  );
  if (started.kind === 'failed') throw new Error(started.message);
  return started.replayer;
}

/** One replayer, and the histories that go through it one after the other. */
class Lane {
  replayer: TypeScriptReplayer;
  private sdkAlone: ReplayerProcess | undefined;
  private readonly path: string;

  constructor(replayer: TypeScriptReplayer, index: number) {
    this.replayer = replayer;
    this.path = join(folder, `history-${index}.bin`);
  }

  /** As the gate reads it, from a file: undefined where it says why it cannot. */
  async readThroughFile(bytes: Uint8Array): Promise<Read | undefined> {
    writeFileSync(this.path, bytes);
    const files = new HistoryFiles();
    try {
      const [execution] = await files.list(this.path, folder);
      if (execution === undefined) return undefined;
      const read = await files.read(execution);
      return read.kind === 'read' ? read : undefined;
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.sdkAlone?.kill();
    await this.replayer.stop();
  }

  async bySdkAlone(read: Read): Promise<ReplayResult> {
    this.sdkAlone ??= await startSdkAlone();
    return this.sdkAlone.replay(replayRequest(read), 60_000);
  }

  async replayed(read: Read, record: boolean): Promise<ReplayResult> {
    const answer = await this.replayer.process.replay(replayRequest(read, record), LIMIT_MS);
    if (answer.kind === 'result') return answer;
    await this.replayer.stop();
    this.replayer = await startReplayer();
    return answer;
  }

  /** What the parent makes of a result: it must take whatever a replayer and a history can say. */
  async lookInto(read: Read, answer: ReplayResult): Promise<void> {
    if (answer.kind !== 'result' || answer.result.outcome === 'errored') return;
    const recorded = await this.replayed(read, true);
    if (recorded.kind !== 'result') return;
    const { bytes } = read.history;
    const { execution } = read;
    const { outcome, message } = answer.result;
    if (outcome === 'passed') {
      const record = { execution, history: bytes, result: recorded.result, baseline: undefined };
      reviewDrift([record], { locate: () => undefined, reader: temporalReader });
      return;
    }
    const broken = { execution, kind: outcome, ...(message === undefined ? {} : { message }) };
    const failure: Failure = {
      ...resemblanceOf(broken, bytes, temporalReader),
      outcome: broken,
      result: answer.result,
      recorded: { history: bytes, result: recorded.result },
    };
    const [finding] = diagnose(
      [failure],
      { workspace: workspace.path },
      temporalReader,
      'typescript',
    );
    expect(finding?.executions).toEqual([execution]);
  }
}

test(
  'a history that is no history crashes nothing, hangs nothing, and is never green',
  async () => {
    const fixtures = readFixtures(SET);
    const pool = fixtures.map(({ events }) => events);
    const seed = firstSeed();
    const counts = new Map<string, number>();
    const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
    const breaches: string[] = [];
    const comparable = await passedBySdkAlone(fixtures);
    let next = seed;
    const fuzzIn = async (lane: Lane): Promise<void> => {
      while (next < seed + COUNT) {
        const each = next;
        next += 1;
        const random = new Random(each);
        const fixture = random.pick(fixtures);
        const { words, bytes } = mutated(fixture, pool, random);
        const read = bytes === undefined ? undefined : await lane.readThroughFile(bytes);
        if (read === undefined) {
          count('refused');
          continue;
        }
        if (read.history.completedTasks === 0) {
          count('skipped');
          continue;
        }
        const answer = await lane.replayed(read, false);
        count(answer.kind === 'result' ? answer.result.outcome : answer.kind);
        await lane.lookInto(read, answer);
        const passed = answer.kind === 'result' && answer.result.outcome === 'passed';
        if (passed && comparable.has(fixture) && random.integer(1, ONE_IN) === 1) {
          count('passed by the SDK alone');
          const again = await lane.bySdkAlone(read);
          if (again.kind === 'result' && again.result.outcome === 'passed') continue;
          breaches.push(
            `seed ${each} (${words}): passed, and by the SDK alone ${JSON.stringify(again)}`,
          );
        }
      }
    };
    await Promise.all(lanes.map(fuzzIn));
    // What it has gone through has not changed it.
    for (const fixture of fixtures) {
      for (const { replayer } of lanes) {
        expect(await replayer.replay(fixture)).toMatchObject({ outcome: 'passed' });
      }
    }
    const told = [...counts].map(([what, times]) => `${times} ${what}`).sort();
    figure(
      'fuzzing: histories',
      `${COUNT} mutated ones, ${repeatWords(seed)}: ${told.join(', ')}; ${breaches.length} breaches`,
    );
    expect(breaches).toEqual([]);
    expect(counts.get('passed')).toBeGreaterThan(COUNT / 100);
    expect(counts.get('nondeterministic')).toBeGreaterThan(COUNT / 100);
  },
  2 * 60 * 60_000,
);

/**
 * The fixtures that pass without anything around the SDK. Code that reads its namespace or its task queue does
 * not: the SDK's replay shows it made-up ones.
 */
async function passedBySdkAlone(fixtures: readonly Fixture[]): Promise<ReadonlySet<Fixture>> {
  const [lane] = lanes;
  const passed = new Set<Fixture>();
  for (const fixture of fixtures) {
    const answer = await lane?.bySdkAlone(fixture.read);
    if (answer?.kind === 'result' && answer.result.outcome === 'passed') passed.add(fixture);
  }
  expect(passed.size).toBeGreaterThan(fixtures.length / 2);
  return passed;
}

function mutated(
  { events }: Fixture,
  pool: readonly (readonly IHistoryEvent[])[],
  random: Random,
): { words: string; bytes: Uint8Array | undefined } {
  if (random.chance(0.15)) {
    const bytes = encoded(events) ?? new Uint8Array();
    return { words: 'bytes', bytes: mutateBytes(bytes, random) };
  }
  const { words, events: changed } = mutateHistory(events, pool, random);
  return { words, bytes: encoded(changed) };
}
