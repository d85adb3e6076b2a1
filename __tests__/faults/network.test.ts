import { afterAll, beforeAll } from '@jest/globals';
import { startFaultProxy, type ConnectionFault } from '../../testing/fault-proxy.js';
import type { Random } from '../../testing/random.js';
import { runFaulted } from './faulted-run.js';
import { soundOrders, type SoundOrders } from './orders.js';
import { testFaults, type Case } from './try-faults.js';

/**
 * A network that fails between the action and a real server. Whatever it does, the check ends in time,
 * leaves nothing behind and is green only where every execution passed.
 */

let sound: SoundOrders;
beforeAll(async () => {
  sound = await soundOrders();
});
afterAll(() => sound.stop());

/** Bytes that a whole check moves to the client: faults hit anywhere within, and a little behind. */
const BYTES = 400_000;

function faultOf(random: Random): ConnectionFault {
  const afterBytes = random.magnitude(0, BYTES);
  const direction = random.chance(0.2) ? 'to-server' : 'to-client';
  const once = { direction, afterBytes } as const;
  return random.pick<() => ConnectionFault>([
    () => ({ kind: 'latency', direction, milliseconds: random.magnitude(1, 300) }),
    () => ({ kind: 'throttle', direction, bytesPerSecond: random.magnitude(20_000, 1_000_000) }),
    () => ({ kind: 'reset', ...once }),
    () => ({ kind: 'truncate', ...once }),
    () => ({ kind: 'stall', ...once }),
    () => ({ kind: 'half-open', ...once }),
    () => ({ kind: 'flip', ...once, bit: random.integer(0, 7) }),
    () => ({ kind: 'noise', ...once, bytes: random.magnitude(1, 5_000) }),
    () => ({ kind: 'refuse' }),
  ])();
}

function caseOf(random: Random): Case {
  const { server, workspace, truth, running } = sound;
  const fault = faultOf(random);
  // The first connections are the probe's; most faults pass, some stay.
  const from = random.integer(0, 4);
  const until = random.chance(0.6) ? from + random.integer(1, 4) : Infinity;
  const breaks = random.chance(0.5) ? random.pick(running) : undefined;
  // Nothing in plain text tells a flipped bit: what the server said is then not known.
  const isTrue = fault.kind !== 'flip' && fault.kind !== 'noise';
  return {
    words: `${JSON.stringify(fault)} on connections ${from} to ${until}${breaks === undefined ? '' : ', one breaks'}`,
    run: async () => {
      const proxy = await startFaultProxy(server.address, (connection) =>
        connection >= from && connection < until ? fault : undefined,
      );
      try {
        return await runFaulted(workspace, {
          inputs: {
            address: proxy.address,
            'task-queue': server.taskQueue,
            'fetch-concurrency': String(random.integer(1, 8)),
            'time-budget': '60s',
          },
          replayer: breaks === undefined ? {} : { breaks },
          truth: isTrue ? truth : undefined,
          limitMs: 300_000,
        });
      } finally {
        await proxy.stop();
      }
    },
  };
}

testFaults('a network that fails never makes it green by accident', {
  name: 'network',
  runs: { fast: 2, middle: 7, trust: 90 },
  caseOf,
});
