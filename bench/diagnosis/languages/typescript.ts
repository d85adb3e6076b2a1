import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReplayerPool } from '../../../src/replay/replayer-pool.js';
import { projectRoot } from '../../../testing/project-root.js';
import { REPLAYER, shippedPool } from '../../shipped-replayer.js';
import * as activities from '../corpus/activities.js';
import { editsByHand } from '../edits/by-hand.js';
import { chooseEdits } from '../edits/generate.js';
import { SCENARIOS } from '../scenarios.js';
import { WorkflowBundler } from '../truth/workflow-bundler.js';
import type { Code, CorpusLanguage, Poll, RunningWorker, Workbench } from './language.js';

/** Workers in this process, over bundles that the replayer takes too. */
export const TYPESCRIPT: CorpusLanguage = {
  name: 'typescript',
  // Mostly they wait for the server.
  lanes: 6,
  scenarios: SCENARIOS.typescript,
  passing: [],
  bases: () =>
    Promise.all(
      SCENARIOS.typescript.map(async ({ workflowType, heldOut }) => {
        const file = `${workflowType}.ts`;
        const text = await readFile(join(import.meta.dirname, '..', 'corpus', file), 'utf8');
        return { workflowType, heldOut, file, text };
      }),
    ),
  edits: (bases, seed) => [...chooseEdits(bases, seed), ...editsByHand('typescript', bases)],
  open: async (folder) => {
    // Workers that fail are what this is about; what they say of it is in the histories.
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => undefined),
      telemetryOptions: { logging: { forward: {}, filter: 'OFF' } },
    });
    const modules = join(folder, 'node_modules');
    if (!existsSync(modules)) await symlink(join(projectRoot, 'node_modules'), modules, 'dir');
    return new TypeScriptWorkbench(folder, await hashOfReplayer());
  },
};

class TypeScriptWorkbench implements Workbench {
  readonly surroundings = '';
  readonly replayer: string;
  private readonly folder: string;
  private readonly bundler = new WorkflowBundler();
  private readonly bundles = new Map<string, Promise<string>>();
  private readonly connections = new Map<string, Promise<NativeConnection>>();

  constructor(folder: string, replayer: string) {
    this.folder = folder;
    this.replayer = replayer;
  }

  async write(name: string, file: string, text: string): Promise<Code> {
    const folder = join(this.folder, name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), text);
    return { folder, file };
  }

  /**
   * The cache is on, because without one the SDK (1.24) loses local activities now and then, and their
   * workflow task with them.
   */
  async startWorker(code: Code, { address, namespace, taskQueue }: Poll): Promise<RunningWorker> {
    const codePath = await this.bundled(code);
    const worker = await Worker.create({
      connection: await this.connection(address),
      namespace,
      taskQueue,
      // Each worker is another one in history.
      identity: `worker ${randomUUID()}`,
      workflowBundle: { codePath },
      activities,
      // What the last worker had in its cache nobody has any more; the server notices after this long.
      stickyQueueScheduleToStartTimeout: '1 second',
      shutdownGraceTime: 0,
    });
    const ended = worker.run();
    ended.catch(() => undefined);
    return {
      ended,
      stop: async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await ended;
      },
    };
  }

  async startReplayers(code: Code, signal: AbortSignal): Promise<ReplayerPool> {
    const scratch = this.scratchOf(code);
    const bundle = await this.bundled(code);
    await mkdir(scratch, { recursive: true });
    // The replayer would bundle the same for itself, in a second of CPU.
    const ready = join(scratch, 'workflows.js');
    if (!existsSync(ready)) {
      // Another edit of the same base may be about to read it.
      const temporary = `${ready}.${randomUUID()}`;
      await copyFile(bundle, temporary);
      await rename(temporary, ready);
    }
    const { folder, file: workflows } = code;
    return shippedPool({ folder, workflows, scratch, concurrency: 1, signal });
  }

  async forgetReplays(code: Code): Promise<void> {
    await rm(this.scratchOf(code), { recursive: true });
  }

  async close(): Promise<void> {
    this.bundler.stop();
    for (const connection of this.connections.values()) await (await connection).close();
  }

  /** Bundles that record hold a part of the replayer. */
  private scratchOf({ folder }: Code): string {
    return join(folder, `scratch-${this.replayer.slice(0, 12)}`);
  }

  private connection(address: string): Promise<NativeConnection> {
    let made = this.connections.get(address);
    if (made === undefined) {
      made = NativeConnection.connect({ address });
      this.connections.set(address, made);
    }
    return made;
  }

  /** Path of the bundle, which is made when something first runs it. */
  private bundled({ folder, file }: Code): Promise<string> {
    const bundle = `${folder}.js`;
    let made = this.bundles.get(bundle);
    if (made === undefined) {
      made = this.bundler.bundleTo(bundle, join(folder, file)).then(() => bundle);
      this.bundles.set(bundle, made);
    }
    return made;
  }
}

async function hashOfReplayer(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['index.js', 'recorder.js']) hash.update(await readFile(join(REPLAYER, file)));
  return hash.digest('hex');
}
