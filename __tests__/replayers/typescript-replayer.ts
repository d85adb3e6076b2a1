import { join } from 'node:path';
import { replayEnvironment } from '../../src/replay/environment.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import { ReplayerProcess, type StartResult } from '../../src/replay/replayer-process.js';
import { projectRoot } from '../../testing/project-root.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import type { Fixture } from '../fixtures/histories.js';

export interface ReplayerOptions {
  readonly workflows?: string;
  /** Absolute path of a module with options for the replay worker. */
  readonly module?: string;
  readonly namespace?: string;
  readonly accelerate?: boolean;
  /** Whether to count which lines run. */
  readonly reach?: boolean;
  /** Of another replayer of the same folder and workflows: its bundle is made already. */
  readonly scratch?: string;
}

/** More than any history here needs: a limit that runs out is a failure, never a slow machine. */
const AMPLE_MS = 30_000;

/** The TypeScript replayer as it is shipped, started in an application's folder. */
export class TypeScriptReplayer {
  readonly process: ReplayerProcess;
  readonly ready: Extract<StartResult, { kind: 'ready' }>['ready'];
  readonly scratch: string;
  private readonly ownsScratch: boolean;

  private constructor(
    started: Extract<StartResult, { kind: 'ready' }>,
    scratch: string,
    ownsScratch: boolean,
  ) {
    this.process = started.replayer;
    this.ready = started.ready;
    this.scratch = scratch;
    this.ownsScratch = ownsScratch;
  }

  static async start(folder: string, options: ReplayerOptions = {}): Promise<TypeScriptReplayer> {
    const scratch = options.scratch ?? (await temporaryFolder('scratch'));
    const started = await startIn(folder, scratch, options);
    if (started.kind === 'failed') {
      throw new Error(`the replayer did not start: ${started.message}`);
    }
    return new TypeScriptReplayer(started, scratch, options.scratch === undefined);
  }

  async replay({ read }: Pick<Fixture, 'read'>, record = false): Promise<ResultMessage> {
    const answer = await this.process.replay(replayRequest(read, record), AMPLE_MS);
    if (answer.kind === 'result') return answer.result;
    throw new Error(`no result: ${JSON.stringify(answer)}`);
  }

  async stop(): Promise<void> {
    this.process.kill();
    if (this.ownsScratch) await removeFolder(this.scratch);
  }
}

/** How the replayer refuses to start. */
export async function failureToStart(
  folder: string,
  options: ReplayerOptions = {},
): Promise<{ message: string; hint: string | undefined }> {
  const scratch = options.scratch ?? (await temporaryFolder('scratch'));
  const started = await startIn(folder, scratch, options);
  if (options.scratch === undefined) await removeFolder(scratch);
  if (started.kind === 'failed') return { message: started.message, hint: started.hint };
  started.replayer.kill();
  throw new Error('the replayer started');
}

function startIn(
  folder: string,
  scratch: string,
  { workflows, module, namespace = 'default', accelerate = true, reach = false }: ReplayerOptions,
): Promise<StartResult> {
  return ReplayerProcess.start(
    {
      file: process.execPath,
      args: [join(projectRoot, 'dist', 'replayers', 'typescript', 'index.js'), '--channel=3'],
      cwd: folder,
      environment: replayEnvironment(process.env, 'typescript'),
    },
    {
      type: 'start',
      protocol: 1,
      ...(workflows === undefined ? {} : { workflows }),
      options: { scratch, accelerate, reach, ...(module === undefined ? {} : { module }) },
      namespace,
    },
    new AbortController().signal,
  );
}
