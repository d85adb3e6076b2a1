import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryRead } from '../../src/model/history.js';
import type { StartMessage } from '../../src/replay/protocol.js';
import type { ReplayRequest } from '../../src/replay/replay-line.js';
import { replayRequest } from '../../src/replay/replay-histories.js';
import type { ReplayerCommand } from '../../src/replay/replayer-process.js';
import { anExecution } from '../builders/executions.js';

/** Starts `fake-replayers/replayer.mjs`, which lists the behaviours. */
export function fakeReplayer(behaviour: string, file = ''): ReplayerCommand {
  return {
    file: process.execPath,
    args: [join(import.meta.dirname, 'fake-replayers', 'replayer.mjs'), behaviour, file],
    cwd: import.meta.dirname,
    environment: {},
  };
}

export const START: StartMessage = {
  type: 'start',
  protocol: 1,
  options: { scratch: '/nowhere', accelerate: true },
  namespace: 'default',
  historyFormat: 'temporal.api.history.v1.History',
};

export type Read = Extract<HistoryRead, { kind: 'read' }>;

/** A history that was read; the fake replayers look only at its workflow ID. */
export function aRead(workflowId: string, history: Partial<Read['history']> = {}): Read {
  return {
    kind: 'read',
    execution: anExecution({ workflowId, runId: 'run-1' }),
    history: {
      bytes: new Uint8Array([1, 2, 3]),
      eventCount: 3,
      completedTasks: 1,
      shape: '',
      ...history,
    },
  };
}

export function aReplay(workflowId = 'order-1'): ReplayRequest {
  return replayRequest(aRead(workflowId));
}

/** Waits until none of the processes runs any more; what only waits to be buried does not run. */
export async function untilGone(pids: readonly number[], limitMs = 5_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (pids.some(isRunning)) {
    if (Date.now() > deadline) throw new Error(`still running: ${pids.filter(isRunning).join()}`);
    await sleep(20);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^\d+ \(.*\) [ZX]/su.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
