import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose, type Failure } from '../../src/diagnosis/diagnose.js';
import { reviewDrift } from '../../src/diagnosis/drift.js';
import { resemblanceOf } from '../../src/diagnosis/signature.js';
import { HistoryFiles } from '../../src/files/history-files.js';
import type { IHistoryEvent } from '../../src/history/proto.js';
import type { HistoryRead } from '../../src/model/history.js';
import { UserError } from '../../src/model/user-error.js';
import { replayMessage } from '../../src/replay/replay-histories.js';
import { ReplayerProcess, type ReplayResult } from '../../src/replay/replayer-process.js';
import { figure } from '../../testing/figures.js';
import { Random } from '../../testing/random.js';
import { isTrusting } from '../../testing/releases.js';
import { firstSeed, repeatWords } from '../../testing/seeds.js';
import { projectRoot } from '../../testing/project-root.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import type { Workspace } from '../../testing/workspace.js';
import { COMMANDS_NAMESPACE } from '../fixtures/commands-scenarios.js';
import { readFixtures, type Fixture } from '../fixtures/histories.js';
import { commandsWorkspace } from '../replayers/commands-application.js';
import { TypeScriptReplayer } from '../replayers/typescript-replayer.js';
import { encoded, mutateBytes, mutateHistory } from './mutate-history.js';

/**
 * Histories that no server would write, through all that looks at one: the reader of files, the real
 * replayer and its SDK, the diagnosis. Nothing crashes or hangs, what cannot be read is said, and what is
 * counted as passed passes by the SDK's plain replay too.
 */

const COUNT = isTrusting ? 20_000 : 150;

/** Of those that pass, one in so many is replayed by the SDK alone, which takes long. */
const ONE_IN = 25;

/** Milliseconds: a history here has a few dozen events. */
const LIMIT_MS = 6_000;

const SET = 'commands-1.24.0';

type Read = Extract<HistoryRead, { kind: 'read' }>;

let workspace: Workspace;
let folder: string;
let scratch: string;
let replayer: TypeScriptReplayer;
let sdkAlone: ReplayerProcess;

beforeAll(async () => {
  workspace = await commandsWorkspace();
  folder = await temporaryFolder('fuzzed-histories');
  scratch = await temporaryFolder('scratch');
  replayer = await startReplayer();
  sdkAlone = await startSdkAlone();
});
afterAll(async () => {
  await replayer.stop();
  sdkAlone.kill();
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

/** As the gate reads it, from a file: undefined where it says why it cannot. */
async function readThroughFile(bytes: Uint8Array): Promise<Read | undefined> {
  const path = join(folder, 'history.bin');
  writeFileSync(path, bytes);
  const files = new HistoryFiles();
  try {
    const [execution] = await files.list(path, folder);
    if (execution === undefined) return undefined;
    const read = await files.read(execution);
    return read.kind === 'read' ? read : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function replayed(read: Read, record: boolean): Promise<ReplayResult> {
  const answer = await replayer.process.replay(replayMessage(read, record), LIMIT_MS);
  if (answer.kind === 'result') return answer;
  await replayer.stop();
  replayer = await startReplayer();
  return answer;
}

/** What the parent makes of a result: it must take whatever a replayer and a history can say. */
async function lookInto(read: Read, answer: ReplayResult): Promise<void> {
  if (answer.kind !== 'result' || answer.result.outcome === 'errored') return;
  const recorded = await replayed(read, true);
  if (recorded.kind !== 'result') return;
  const { bytes } = read.history;
  const { execution } = read;
  const { outcome, message } = answer.result;
  if (outcome === 'passed') {
    const record = { execution, history: bytes, result: recorded.result, baseline: undefined };
    reviewDrift([record], { locate: () => undefined });
    return;
  }
  const broken = { execution, kind: outcome, ...(message === undefined ? {} : { message }) };
  const failure: Failure = {
    ...resemblanceOf(broken, bytes),
    outcome: broken,
    result: answer.result,
    recorded: { history: bytes, result: recorded.result },
  };
  const [finding] = diagnose([failure], { workspace: workspace.path }, undefined, 'typescript');
  expect(finding?.executions).toEqual([execution]);
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
    for (let each = seed; each < seed + COUNT; each += 1) {
      const random = new Random(each);
      const { words, bytes } = mutated(random.pick(fixtures), pool, random);
      const read = bytes === undefined ? undefined : await readThroughFile(bytes);
      if (read === undefined) {
        count('refused');
        continue;
      }
      if (read.history.completedTasks === 0) {
        count('skipped');
        continue;
      }
      const answer = await replayed(read, false);
      count(answer.kind === 'result' ? answer.result.outcome : answer.kind);
      await lookInto(read, answer);
      const passed = answer.kind === 'result' && answer.result.outcome === 'passed';
      if (passed && random.integer(1, ONE_IN) === 1) {
        count('passed by the SDK alone');
        const again = await sdkAlone.replay(replayMessage(read), 60_000);
        if (again.kind === 'result' && again.result.outcome === 'passed') continue;
        breaches.push(
          `seed ${each} (${words}): passed, and by the SDK alone ${JSON.stringify(again)}`,
        );
      }
    }
    // What it has gone through has not changed it.
    for (const fixture of fixtures) {
      expect(await replayer.replay(fixture)).toMatchObject({ outcome: 'passed' });
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
