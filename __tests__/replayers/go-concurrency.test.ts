/** @tier middle */
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { replayEnvironment } from '../../src/replay/environment.js';
import { LineReader } from '../../src/replay/line-reader.js';
import {
  parseFromReplayer,
  type MessageFromReplayer,
  type ReadyMessage,
  type ResultMessage,
} from '../../src/replay/protocol.js';
import { LineWriter } from '../../src/replay/line-writer.js';
import { replayLine, type ReplayRequest } from '../../src/replay/replay-line.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { projectRoot } from '../../testing/project-root.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import type { Workspace } from '../../testing/workspace.js';
import { fixtureNames } from '../fixtures/histories.js';
import { commandsGoWorkspace, goHistory, LAST_TIMER_OF_1_26 } from './go-application.js';

jest.setTimeout(1_000_000);

/** Milliseconds for what takes one or two: where they run out, something waits for what never comes. */
const AMPLE_MS = 60_000;

/** Compiling the SDK itself, where nobody has done so yet, takes minutes. */
const START_MS = 900_000;

/** Milliseconds that `Slow` takes. */
const SLOW_MS = 1_000;

const FILES = {
  'workflows/beside.go': `package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

func RegisterBeside(registry worker.Registry) {
	Register(registry)
	registry.RegisterWorkflow(Slow)
	registry.RegisterWorkflow(Loops)
	registry.RegisterWorkflow(Panics)
	registry.RegisterWorkflow(Prints)
}

func Slow(ctx workflow.Context) error {
	time.Sleep(${SLOW_MS} * time.Millisecond)
	return Timers(ctx)
}

func Loops(workflow.Context) error {
	for {
	}
}

func Panics(ctx workflow.Context) error {
	panic("in " + workflow.GetInfo(ctx).WorkflowExecution.ID)
}

func Prints(ctx workflow.Context) error {
	fmt.Println("{\\"type\\":\\"result\\",\\"id\\":\\"forged\\",\\"outcome\\":\\"passed\\"}")
	return Timers(ctx)
}
`,
};

/** The replayer with nothing between it and the test: what it says, in the order in which it says it. */
class Conversation {
  readonly results: ResultMessage[] = [];
  readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();
  private first: ReadyMessage | undefined;

  private constructor(folder: string, scratch: string) {
    const replayer = join(projectRoot, 'dist', 'replayers', 'go', 'index.js');
    this.child = spawn(process.execPath, [replayer, '--channel=3'], {
      cwd: folder,
      env: replayEnvironment(process.env, 'go'),
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    });
    const reader = new LineReader(
      (line) => this.heard(parseFromReplayer(line)),
      () => this.heard('a line that is too long'),
    );
    (this.child.stdio[3] as Readable).on('data', (chunk: Buffer) => reader.push(chunk));
    this.say({
      type: 'start',
      protocol: 1,
      workflows: './workflows#RegisterBeside',
      options: { scratch, accelerate: true },
      namespace: 'default',
    });
  }

  static async begin(folder: string, scratch: string): Promise<Conversation> {
    const conversation = new Conversation(folder, scratch);
    await conversation.until(() => conversation.first !== undefined, START_MS);
    return conversation;
  }

  get ready(): ReadyMessage {
    if (this.first === undefined) throw new Error('the replayer is not ready');
    return this.first;
  }

  ask(request: ReplayRequest): void {
    new LineWriter(this.child.stdin as Writable).write(replayLine(request));
  }

  say(message: object): void {
    (this.child.stdin as Writable).write(`${JSON.stringify(message)}\n`);
  }

  /** Asks for all of it at once, and waits for as many results. */
  async all(messages: readonly ReplayRequest[]): Promise<readonly ResultMessage[]> {
    const before = this.results.length;
    for (const message of messages) this.ask(message);
    await this.until(() => this.results.length === before + messages.length);
    return this.results.slice(before);
  }

  until(isSo: () => boolean, withinMs = AMPLE_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`still waiting; the replayer has said ${this.results.length} results`));
      }, withinMs);
      const look = (): void => {
        if (!isSo()) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  private heard(message: MessageFromReplayer | string): void {
    if (typeof message === 'string') throw new Error(message);
    if (message.type === 'ready') this.first = message;
    else if (message.type === 'result') this.results.push(message);
    else throw new Error(JSON.stringify(message));
    for (const look of this.waiting) look();
  }
}

/** `Timers`, as if it were of another type, under an ID of its own. */
function asked(id: string, workflowType: string, record = false): ReplayRequest {
  const { read } = goHistory('Timers', workflowType);
  return { ...replayRequest(read, record), id, workflowId: id };
}

function idsOf(results: readonly { readonly id: string }[]): string[] {
  return results.map(({ id }) => id);
}

describe.each([
  { version: GO_SDKS.newest, found: await findGoSdk(GO_SDKS.newest), files: FILES },
  {
    version: GO_SDKS.oldest,
    found: await findGoSdk(GO_SDKS.oldest),
    files: { ...FILES, ...LAST_TIMER_OF_1_26 },
  },
])('the replayer for Go, with SDK $version and several histories in its hands,', (sdk) => {
  const { found, files, version } = sdk;
  const whenThere = skipUnless(found).it;
  let workspace: Workspace;
  let scratch: string;
  let shared: Conversation;
  const begun: Conversation[] = [];

  /** The same program in a process that the test may spoil. */
  async function another(): Promise<Conversation> {
    const conversation = await Conversation.begin(workspace.application, scratch);
    begun.push(conversation);
    return conversation;
  }

  beforeAll(async () => {
    if (!found.available) return;
    workspace = await commandsGoWorkspace(found, { files });
    scratch = await temporaryFolder('scratch');
    shared = await another();
  });
  afterAll(async () => {
    if (!found.available) return;
    for (const { child } of begun) {
      child.kill('SIGKILL');
      (child.stdin as Writable).destroy();
    }
    await removeFolder(scratch);
    await workspace.remove();
  });

  whenThere('takes more than there are cores, and says so', () => {
    const { concurrency } = shared.ready;
    expect(concurrency).toBeGreaterThan(Math.min(63, availableParallelism()));
    expect(concurrency).toBeLessThanOrEqual(64);
  });

  whenThere('answers first what it has first, by its ID', async () => {
    const results = await shared.all([asked('slow', 'Slow'), asked('fast', 'Timers')]);
    expect(results).toMatchObject([
      { id: 'fast', outcome: 'passed' },
      { id: 'slow', outcome: 'passed' },
    ]);
  });

  whenThere('replays all of them beside each other', async () => {
    const count = shared.ready.concurrency ?? 1;
    const began = performance.now();
    const slow = Array.from({ length: count }, (_, number) => asked(`slow-${number}`, 'Slow'));
    const results = await shared.all(slow);
    expect(new Set(idsOf(results))).toEqual(new Set(idsOf(slow)));
    expect(performance.now() - began).toBeLessThan((count / 2) * SLOW_MS);
  });

  whenThere('says of each what it says of it alone, also when it records', async () => {
    const set = `commands-go-${version}`;
    const kinds = [
      ...fixtureNames(set).map((name) => replayRequest(goHistory(name, undefined, set).read)),
      ...['Panics', 'Prints', 'Vanished', 'Activities'].map((name) => asked(name, name)),
    ];
    const messages = [1, 2, 3].flatMap((round) =>
      kinds.flatMap((message) =>
        [false, true].map((record) => ({
          ...message,
          record,
          id: `${message.id} ${record ? 'recorded' : 'plain'} ${round}`,
        })),
      ),
    );
    const alone: ResultMessage[] = [];
    for (const message of messages) alone.push(...(await shared.all([message])));
    const beside = await shared.all(messages);
    const byId = (results: readonly ResultMessage[]): Map<string, object> =>
      new Map(
        results.map(({ durationMs: _, message, ...result }) => [
          result.id,
          // The SDK lists the types as its map has them, in another order each time.
          { ...result, message: message?.replace(/Supported types: .*$/u, '') },
        ]),
      );
    expect(byId(beside)).toEqual(byId(alone));
    expect(new Set(alone.map(({ outcome }) => outcome))).toEqual(
      new Set(['passed', 'nondeterministic', 'task-failed']),
    );
    expect(alone.some(({ commands = [] }) => commands.length > 0)).toBe(true);
  });

  whenThere('goes on with the others while one loops', async () => {
    const conversation = await another();
    conversation.ask(asked('loops', 'Loops'));
    const others = Array.from({ length: 20 }, (_, number) => asked(`timers-${number}`, 'Timers'));
    const results = await conversation.all(others);
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['passed']));
    expect(idsOf(results)).not.toContain('loops');
  });

  whenThere('answers what is under way when it is told that there is no more', async () => {
    const conversation = await another();
    const ended = once(conversation.child, 'exit');
    conversation.ask(asked('slow', 'Slow'));
    conversation.say({ type: 'end' });
    expect(await ended).toEqual([0, null]);
    expect(conversation.results).toMatchObject([{ id: 'slow', outcome: 'passed' }]);
  });

  whenThere('reads a message however it is written', async () => {
    const { history: bytes, ...rest } = asked('odd', 'Timers');
    const history = Buffer.from(bytes).toString('base64');
    const spaced = JSON.stringify({ history, extra: { history: 'AAAA' }, ...rest }, null, 1);
    const nested = JSON.stringify({ extra: { history: 'AAAA' }, ...rest, history });
    const escaped = JSON.stringify({ ...rest, history }).replace(
      `"history":"${history.slice(0, 1)}`,
      `"history":"\\u00${history.charCodeAt(0).toString(16)}`,
    );
    for (const line of [spaced.replaceAll('\n', ''), nested, escaped]) {
      const before = shared.results.length;
      (shared.child.stdin as Writable).write(`${line}\n\n`);
      await shared.until(() => shared.results.length > before);
      expect(shared.results.at(-1)).toMatchObject({ id: 'odd', outcome: 'passed' });
    }
  });
});
