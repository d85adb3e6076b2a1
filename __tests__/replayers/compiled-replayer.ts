import { join } from 'node:path';
import { replayEnvironment } from '../../src/replay/environment.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import { ReplayerProcess, type StartResult } from '../../src/replay/replayer-process.js';
import { projectRoot } from '../../testing/project-root.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import type { Fixture } from '../fixtures/histories.js';

/** Of a language whose replayer is compiled before it replays. */
export interface CompiledLanguage {
  readonly name: 'go' | 'java';
  /** Milliseconds that the start may take. */
  readonly startMs: number;
}

export interface CompiledReplayerOptions {
  readonly workflows?: string;
  /** Absolute path of a module with options, which these languages have no use for. */
  readonly module?: string;
  /** Of another replayer of the same folder: what it replays with is compiled already. */
  readonly scratch?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** More than any history here needs: a limit that runs out is a failure, never a slow machine. */
const AMPLE_MS = 60_000;

type Ready = Extract<StartResult, { kind: 'ready' }>;

/** The replayer as it is shipped, started in an application's folder. */
export class CompiledReplayer {
  readonly process: ReplayerProcess;
  readonly ready: Ready['ready'];
  readonly scratch: string;
  private readonly ownsScratch: boolean;

  private constructor(started: Ready, scratch: string, ownsScratch: boolean) {
    this.process = started.replayer;
    this.ready = started.ready;
    this.scratch = scratch;
    this.ownsScratch = ownsScratch;
  }

  static async startIn(
    language: CompiledLanguage,
    folder: string,
    options: CompiledReplayerOptions,
  ): Promise<CompiledReplayer> {
    const scratch = options.scratch ?? (await temporaryFolder('scratch'));
    const started = await start(language, folder, scratch, options);
    if (started.kind === 'failed') {
      throw new Error(`the replayer did not start: ${started.message} (${started.hint ?? ''})`);
    }
    return new CompiledReplayer(started, scratch, options.scratch === undefined);
  }

  async replay(history: Pick<Fixture, 'read'>, record = false): Promise<ResultMessage> {
    const answer = await this.process.replay(replayRequest(history.read, record), AMPLE_MS);
    if (answer.kind === 'result') return answer.result;
    throw new Error(`no result: ${JSON.stringify(answer)}`);
  }

  async stop(): Promise<void> {
    this.process.kill();
    if (this.ownsScratch) await removeFolder(this.scratch);
  }
}

/** How the replayer refuses to start. */
export async function failureToStartIn(
  language: CompiledLanguage,
  folder: string,
  options: CompiledReplayerOptions,
): Promise<{ message: string; hint: string | undefined }> {
  const scratch = options.scratch ?? (await temporaryFolder('scratch'));
  const started = await start(language, folder, scratch, options);
  if (options.scratch === undefined) await removeFolder(scratch);
  if (started.kind === 'failed') return { message: started.message, hint: started.hint };
  started.replayer.kill();
  throw new Error('the replayer started');
}

function start(
  { name, startMs }: CompiledLanguage,
  folder: string,
  scratch: string,
  { workflows, module, environment = {} }: CompiledReplayerOptions,
): Promise<StartResult> {
  return ReplayerProcess.start(
    {
      file: process.execPath,
      args: [join(projectRoot, 'dist', 'replayers', name, 'index.js'), '--channel=3'],
      cwd: folder,
      environment: { ...replayEnvironment(process.env, name), ...environment },
    },
    {
      type: 'start',
      protocol: 1,
      ...(workflows === undefined ? {} : { workflows }),
      options: {
        scratch,
        accelerate: true,
        ...(module === undefined ? {} : { module }),
      },
      namespace: 'default',
    },
    new AbortController().signal,
    startMs,
  );
}
