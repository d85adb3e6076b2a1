import { afterAll, beforeAll } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultProxy } from '../../testing/fault-proxy.js';
import type { Random } from '../../testing/random.js';
import { runFaulted } from './faulted-run.js';
import { soundOrders, type SoundOrders } from './orders.js';
import { testFaults, type Case } from './try-faults.js';

/** A job that is cancelled at any time, on a slow network or with a replay process that hangs. */

let sound: SoundOrders;
beforeAll(async () => {
  sound = await soundOrders();
});
afterAll(() => sound.stop());

function caseOf(random: Random): Case {
  const { server, workspace, truth, running } = sound;
  // Up to a little behind the time that a check takes on this machine as busy as it is.
  const afterMs = Math.round(random.fraction() * sound.durationMs * 1.2);
  const how = random.pick(['SIGINT', 'SIGTERM', 'cancel', 'twice'] as const);
  const hangs = random.chance(0.3);
  const network = random.pick(['sound', 'slow', 'stalled'] as const);
  const breaks = random.chance(0.3) ? random.pick(running) : undefined;
  return {
    words: `${how} after ${afterMs} ms, ${network} network${hangs ? ', a replay hangs' : ''}${breaks === undefined ? '' : ', one breaks'}`,
    run: async () => {
      const proxy = await startFaultProxy(server.address, () => {
        if (network === 'sound') return undefined;
        return network === 'slow'
          ? { kind: 'latency', milliseconds: 200 }
          : { kind: 'stall', afterBytes: random.magnitude(0, 200_000) };
      });
      try {
        return await runFaulted(workspace, {
          inputs: {
            address: proxy.address,
            'task-queue': server.taskQueue,
            'history-timeout': '60s',
          },
          replayer: {
            ...(breaks === undefined ? {} : { breaks }),
            ...(hangs ? { fault: { kind: 'loop', step: 'replay', nth: 5 } } : {}),
          },
          disturb: async (running) => {
            await sleep(afterMs);
            if (how === 'cancel') return running.cancel();
            running.kill(how === 'twice' ? 'SIGINT' : how);
            if (how !== 'twice') return;
            await sleep(random.integer(0, 300));
            running.kill('SIGTERM');
          },
          truth,
          // The runner kills ten seconds after it asked.
          limitMs: afterMs + (network === 'sound' && !hangs ? 60_000 : 20_000),
        });
      } finally {
        await proxy.stop();
      }
    },
  };
}

testFaults('a job that is cancelled at any time leaves nothing in part, and nothing behind', {
  name: 'signals',
  runs: { fast: 2, middle: 6, trust: 60 },
  caseOf,
});
