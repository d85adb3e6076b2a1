import { join } from 'node:path';
import { replayEnvironment } from '../../src/replay/environment.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import { ReplayerProcess, type StartResult } from '../../src/replay/replayer-process.js';
import { projectRoot } from '../../testing/project-root.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import type { Fixture } from '../fixtures/histories.js';

export interface PythonReplayerOptions {
  readonly workflows?: string;
  /** The input replay-options, as the user writes it. */
  readonly module?: string;
  readonly namespace?: string;
  readonly accelerate?: boolean;
}

/** More than any history here needs, on a busy machine too: a limit that runs out is a failure. */
const AMPLE_MS = 60_000;

/** The Python replayer, started in an application's folder by an interpreter of a virtual environment. */
export class PythonReplayer {
  readonly process: ReplayerProcess;
  readonly ready: Extract<StartResult, { kind: 'ready' }>['ready'];
  private readonly scratch: string;

  private constructor(started: Extract<StartResult, { kind: 'ready' }>, scratch: string) {
    this.process = started.replayer;
    this.ready = started.ready;
    this.scratch = scratch;
  }

  static async start(
    python: string,
    folder: string,
    options: PythonReplayerOptions = {},
  ): Promise<PythonReplayer> {
    const scratch = await temporaryFolder('scratch');
    const started = await startIn(python, folder, scratch, options);
    if (started.kind === 'failed') {
      await removeFolder(scratch);
      throw new Error(`the replayer did not start: ${started.message}`);
    }
    return new PythonReplayer(started, scratch);
  }

  async replay({ read }: Pick<Fixture, 'read'>, record = false): Promise<ResultMessage> {
    const answer = await this.process.replay(replayRequest(read, record), AMPLE_MS);
    if (answer.kind === 'result') return answer.result;
    throw new Error(`no result: ${JSON.stringify(answer)}`);
  }

  async stop(): Promise<void> {
    this.process.kill();
    await removeFolder(this.scratch);
  }
}

/** How the replayer refuses to start. */
export async function failureToStart(
  python: string,
  folder: string,
  options: PythonReplayerOptions = {},
): Promise<{ message: string; hint: string | undefined }> {
  const scratch = await temporaryFolder('scratch');
  const started = await startIn(python, folder, scratch, options);
  await removeFolder(scratch);
  if (started.kind === 'failed') return { message: started.message, hint: started.hint };
  started.replayer.kill();
  throw new Error('the replayer started');
}

function startIn(
  python: string,
  folder: string,
  scratch: string,
  { workflows, module, namespace = 'default', accelerate = true }: PythonReplayerOptions,
): Promise<StartResult> {
  return ReplayerProcess.start(
    {
      file: python,
      args: [join(projectRoot, 'replayers', 'python', 'replay_gate.py'), '--channel=3'],
      cwd: folder,
      environment: replayEnvironment(process.env, 'python'),
    },
    {
      type: 'start',
      protocol: 1,
      ...(workflows === undefined ? {} : { workflows }),
      options: {
        scratch,
        accelerate,
        ...(module === undefined ? {} : { module }),
      },
      namespace,
    },
    new AbortController().signal,
  );
}
