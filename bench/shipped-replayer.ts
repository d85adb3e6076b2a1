import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareHistory } from '../src/temporal/history/prepare-history.js';
import { WholeHistory } from '../src/temporal/history/whole-history.js';
import type { Execution } from '../src/model/execution.js';
import type { HistoryRead } from '../src/model/history.js';
import { typescriptProgram } from '../src/languages/replayer-program.js';
import { replayEnvironment } from '../src/replay/environment.js';
import { ReplayerPool } from '../src/replay/replayer-pool.js';
import { projectRoot } from '../testing/project-root.js';

/** Folder of what replays: as it is shipped. */
export const REPLAYER = join(projectRoot, 'dist', 'replayers', 'typescript');

export interface ShippedPool {
  /** Absolute path of the folder that holds the workflows. */
  readonly folder: string;
  /** The workflows' module in it. */
  readonly workflows: string;
  /** Path of a folder with the ready bundle, `workflows.js`, if there is one. */
  readonly scratch: string;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** The gate's own pool, with the replayer for TypeScript as it is shipped. */
export function shippedPool(options: ShippedPool): ReplayerPool {
  const { folder, workflows, scratch, concurrency, signal } = options;
  const environment = replayEnvironment(process.env, 'typescript');
  return new ReplayerPool({
    program: Promise.resolve({
      command: { ...typescriptProgram(REPLAYER), cwd: folder, environment },
      message: {
        type: 'start',
        protocol: 1,
        workflows,
        options: { scratch, accelerate: true },
        namespace: 'default',
      },
    }),
    concurrency,
    signal,
  });
}

/** The same in the folder that we run in, over a bundle that is made already. */
export function poolOverBundle(
  workflows: string,
  bundle: string,
  concurrency: number,
): { readonly pool: ReplayerPool; readonly removeScratch: () => void } {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-scratch-'));
  copyFileSync(bundle, join(scratch, 'workflows.js'));
  const { signal } = new AbortController();
  return {
    pool: shippedPool({ folder: process.cwd(), workflows, scratch, concurrency, signal }),
    removeScratch: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

/** Histories at hand, prepared one by one as those that are read from a server. */
export async function* preparedReads(
  atHand: Iterable<{ readonly execution: Execution; readonly history: Uint8Array }>,
): AsyncGenerator<HistoryRead> {
  for (const { execution, history } of atHand) {
    await Promise.resolve();
    yield { kind: 'read', execution, history: prepareHistory(WholeHistory.of(history)) };
  }
}
