import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type {
  MessageToReplayer,
  ReachedFile,
  ReplayMessage,
  StartMessage,
} from '../../src/replay/protocol.js';
import { accelerate, silence } from './accelerate.js';
import { historyReader } from './encoded-history.js';
import { Fatal } from '../common/fatal.js';
import { checkProtocol, launch } from '../common/launcher.js';
import { send } from '../common/protocol-channel.js';
import { Reach } from './reach.js';
import { loadReplayOptions } from './replay-options.js';
import { ReplaySessions } from './replay-sessions.js';
import { setUp, taken } from './set-up.js';
import { loadSdk } from './workspace-sdk.js';
import { WorkflowBundles } from './workflow-bundles.js';

/** It replays one history at a time. The next one is there already, so it does not wait for the pipe. */
const WITH_THE_NEXT = 2;

/**
 * The TypeScript replayer: speaks the replayer protocol on standard input and on the descriptor that
 * its parent gave it, and replays with the SDK of the folder in which it is started.
 */
async function main(): Promise<void> {
  let started: Started | undefined;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const message = JSON.parse(line) as MessageToReplayer;
    switch (message.type) {
      case 'start':
        started = await start(message);
        break;
      case 'replay':
        if (started === undefined) throw new Fatal('a replay was asked for before the start');
        await replay(started.sessions, message);
        break;
      case 'reach':
        send({ type: 'reached', files: await reached(started) });
        break;
      case 'end':
        process.exit(0);
    }
  }
  // The parent is gone.
  process.exit(0);
}

/** The protocol takes no more. */
const MAX_SOURCES = 10_000;

interface Started {
  readonly sessions: ReplaySessions;
  readonly bundles: WorkflowBundles;
  readonly reach: Reach | undefined;
}

async function start(message: StartMessage): Promise<Started> {
  checkProtocol(message);
  const folder = process.cwd();
  const isAccelerated = message.options.accelerate;
  if (isAccelerated) accelerate();
  const sdk = loadSdk(folder);
  if (isAccelerated) silence(sdk.require);
  const given = await loadReplayOptions(message.options.module, sdk);
  const ready = await setUp(given, folder, message.workflows);
  const { options, module } = ready;
  const bundles = new WorkflowBundles(sdk, options, message.options.scratch, module?.path);
  const { workflowTypes, dynamic } = await bundles.describe();
  // Not before, because counting would cost the bundler a second of CPU. Of a ready bundle the
  // sources are not known.
  const reach =
    message.options.reach === true && options.workflowBundle === undefined
      ? new Reach()
      : undefined;
  send({
    type: 'ready',
    language: 'typescript',
    sdk: { name: '@temporalio/worker', version: sdk.version },
    ...(workflowTypes === undefined ? {} : { workflowTypes }),
    dynamic,
    taken: taken(ready, folder),
    // All of them: a package of the workspace can be the other checkout's.
    sources: (await bundles.ownFiles()).slice(0, MAX_SOURCES),
    reach: reach !== undefined,
    concurrency: WITH_THE_NEXT,
  });
  return {
    sessions: new ReplaySessions(
      sdk,
      historyReader(sdk.History, isAccelerated),
      bundles,
      options,
      message.namespace,
    ),
    bundles,
    reach,
  };
}

async function reached(started: Started | undefined): Promise<ReachedFile[]> {
  if (started?.reach === undefined) throw new Fatal('what was reached has not been counted');
  const bundle = await started.bundles.plain();
  if (!('codePath' in bundle)) return [];
  return started.reach.take(readFileSync(bundle.codePath, 'utf8'), bundle.codePath);
}

async function replay(sessions: ReplaySessions, message: ReplayMessage): Promise<void> {
  const started = performance.now();
  const result = await sessions.replay(message);
  send({
    type: 'result',
    id: message.id,
    ...result,
    durationMs: Math.round((performance.now() - started) * 1000) / 1000,
  });
}

launch(main);
