import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replayerProgram } from '../../../src/languages/replayer-program.js';
import { replayEnvironment } from '../../../src/replay/environment.js';
import { ENVIRONMENT } from '../../../src/replay/isolation.js';
import { ReplayerPool } from '../../../src/replay/replayer-pool.js';
import { projectRoot } from '../../../testing/project-root.js';
import { startReadyProcess } from '../../../testing/ready-process.js';
import { editsByHand } from '../edits/by-hand.js';
import { SCENARIOS } from '../scenarios.js';
import type { Code, CorpusLanguage, Poll, RunningWorker, Workbench } from './language.js';

/** A language whose workers are programs of their own, each over a folder of code. */
export interface ProgramLanguage {
  readonly name: 'python' | 'go' | 'java';
  readonly lanes: number;
  /** Absolute path of the folder that holds the workflows' files, as `fileOf` names them. */
  readonly corpus: string;
  /** Path of a workflow's file in the corpus and in a folder of code. */
  readonly fileOf: (workflowType: string) => string;
  readonly passing: readonly string[];
  readonly closesUnchecked?: boolean;
  /** @throws Error where it is missing */
  readonly findToolchain: () => Promise<CorpusToolchain>;
}

/** What it takes to run the code of one language. */
export interface CorpusToolchain {
  /** Tells the SDK and its release. */
  readonly sdk: string;
  /** Variables that an earlier step of a job would have set, such as `VIRTUAL_ENV`. */
  readonly environment: Readonly<Record<string, string>>;
  /** What every folder of code holds besides the workflow's file: texts by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The input `workflows`; by default what is there. */
  readonly workflowsOf?: (file: string) => string;
  /** The input `replay-env`, with values. */
  readonly replayVariables?: (code: Code) => Readonly<Record<string, string>>;
  /** Makes a folder's code ready to run; called once for each, before anything else is. */
  readonly build?: (code: Code) => Promise<void>;
  readonly startWorker: (
    code: Code,
    poll: Poll,
    environment: Readonly<Record<string, string>>,
  ) => Promise<RunningWorker>;
  readonly close?: () => Promise<void>;
}

/** What a worker's program prints, on a line of its own, once it polls. */
const READY = 'ready\n';

export function programCorpus(language: ProgramLanguage): CorpusLanguage {
  const { name, lanes, corpus, fileOf, passing, findToolchain } = language;
  const scenarios = SCENARIOS[name];
  return {
    name,
    lanes,
    scenarios,
    passing,
    closesUnchecked: language.closesUnchecked === true,
    bases: () =>
      Promise.all(
        scenarios.map(async ({ workflowType, heldOut }) => {
          const file = fileOf(workflowType);
          return { workflowType, heldOut, file, text: await readFile(join(corpus, file), 'utf8') };
        }),
      ),
    edits: (bases) => editsByHand(name, bases),
    open: async (folder) => {
      const toolchain = await findToolchain();
      const replayer = await hashOfFolder(join(REPLAYERS, name), toolchain.sdk);
      return new ProgramWorkbench(name, folder, toolchain, replayer);
    },
  };
}

/** Folder of what replays: as it is shipped. */
const REPLAYERS = join(projectRoot, 'dist', 'replayers');

class ProgramWorkbench implements Workbench {
  readonly surroundings: string;
  readonly replayer: string;
  private readonly language: ProgramLanguage['name'];
  private readonly folder: string;
  private readonly toolchain: CorpusToolchain;
  /** Of a job whose earlier steps have set up the toolchain. */
  private readonly environment: NodeJS.ProcessEnv;
  private readonly builds = new Map<string, Promise<void>>();

  constructor(
    language: ProgramLanguage['name'],
    folder: string,
    toolchain: CorpusToolchain,
    replayer: string,
  ) {
    this.language = language;
    this.folder = folder;
    this.toolchain = toolchain;
    this.replayer = replayer;
    this.environment = { ...process.env, ...toolchain.environment };
    this.surroundings = createHash('sha256')
      .update(JSON.stringify([toolchain.sdk, toolchain.files]))
      .digest('hex');
  }

  async write(name: string, file: string, text: string): Promise<Code> {
    const folder = join(this.folder, name);
    for (const [path, content] of Object.entries({ ...this.toolchain.files, [file]: text })) {
      const target = join(folder, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }
    return { folder, file };
  }

  async startWorker(code: Code, poll: Poll): Promise<RunningWorker> {
    await this.built(code);
    return this.toolchain.startWorker(
      code,
      poll,
      replayEnvironment(this.environment, this.language),
    );
  }

  async startReplayers(code: Code, signal: AbortSignal): Promise<ReplayerPool> {
    await this.built(code);
    const { folder, file } = code;
    const scratch = scratchOf(code);
    await mkdir(scratch, { recursive: true });
    const variables = this.toolchain.replayVariables?.(code) ?? {};
    const program = replayerProgram(
      this.language,
      {
        language: () => ({ name: this.language, because: undefined }),
        workingDirectory: folder,
        workflows: this.toolchain.workflowsOf?.(file),
        replayOptions: undefined,
        variables: () => variables,
        isolation: ENVIRONMENT.rung,
      },
      {
        replayersFolder: REPLAYERS,
        checkout: folder,
        environment: this.environment,
        isolation: ENVIRONMENT,
      },
    );
    return new ReplayerPool({
      program: program.then(({ workflows, ...how }) => ({
        ...how,
        message: {
          type: 'start',
          protocol: 1,
          ...(workflows === undefined ? {} : { workflows }),
          options: { scratch, accelerate: true },
          namespace: 'default',
        },
      })),
      concurrency: 1,
      signal,
    });
  }

  async forgetReplays(code: Code): Promise<void> {
    await rm(scratchOf(code), { recursive: true });
  }

  async close(): Promise<void> {
    await this.toolchain.close?.();
  }

  private built(code: Code): Promise<void> {
    let made = this.builds.get(code.folder);
    if (made === undefined) {
      made = this.toolchain.build?.(code) ?? Promise.resolve();
      this.builds.set(code.folder, made);
    }
    return made;
  }
}

/** Beside the code: what lies in it would be the application's. */
function scratchOf({ folder }: Code): string {
  return `${folder}-scratch`;
}

/**
 * Starts a worker's program in the folder of its code, with `ADDRESS NAMESPACE TASK_QUEUE FOLDER` behind
 * its arguments, and waits until it polls. It stops on SIGTERM.
 */
export async function startWorkerProgram(
  file: string,
  args: readonly string[],
  { folder }: Code,
  { address, namespace, taskQueue }: Poll,
  env: Readonly<Record<string, string>>,
): Promise<RunningWorker> {
  const program = await startReadyProcess(file, [...args, address, namespace, taskQueue, folder], {
    cwd: folder,
    env: { ...env },
    says: READY,
  });
  return { ended: program.ended, stop: () => program.stop() };
}

async function hashOfFolder(folder: string, ...further: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(further));
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  for (const path of paths.sort()) hash.update(await readFile(path));
  return hash.digest('hex');
}
