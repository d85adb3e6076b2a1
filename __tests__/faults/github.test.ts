import { afterAll, beforeAll } from '@jest/globals';
import type { Fault, FaultScope } from '../../testing/fake-github.js';
import type { Random } from '../../testing/random.js';
import { runFaulted } from './faulted-run.js';
import { soundFiles, type SoundFiles } from './files.js';
import { testFaults, type Case } from './try-faults.js';

/** A GitHub that fails, is slow, answers in part or with something else, or lets nobody in any more. */

let sound: SoundFiles;
beforeAll(async () => {
  sound = await soundFiles();
});
afterAll(() => sound.workspace.remove());

/** JSON that is no pull request, as proxies and broken caches give it. */
const OTHER_JSON: readonly unknown[] = [
  null,
  [],
  {},
  'text',
  0,
  true,
  { title: null, head: null },
  { title: 7, head: { sha: 'HEAD' } },
  { title: '[compatible-v1.0] x', head: {} },
  { title: {}, head: { sha: {} } },
  { message: 'Not Found' },
];

function faultOf(random: Random): Fault {
  return random.pick<() => Fault>([
    () => ({ kind: 'status', status: random.pick([400, 401, 403, 404, 409, 422, 429, 451]) }),
    () => ({ kind: 'status', status: random.pick([500, 502, 503, 504]) }),
    () => ({ kind: 'rate-limited', retryAfterSeconds: random.integer(0, 90) }),
    () => ({ kind: 'slow', milliseconds: random.magnitude(1, 4_000) }),
    () => ({ kind: 'malformed' }),
    () => ({ kind: 'hang-up' }),
    () => ({ kind: 'truncated', keep: random.fraction() }),
    () => ({ kind: 'other', body: random.pick(OTHER_JSON) }),
    () => ({ kind: 'silent' }),
  ])();
}

function caseOf(random: Random): Case {
  const { inputs, workspace, truth, running } = sound;
  const fault = faultOf(random);
  const scope: FaultScope = {
    ...(random.chance(0.5) ? { path: random.pick([/\/pulls\/\d+$/u, /\/files$/u]) } : {}),
    ...(random.chance(0.6) ? { times: random.integer(1, 5) } : {}),
  };
  const breaks = random.chance(0.4) ? random.pick(running) : undefined;
  return {
    words: `${JSON.stringify(fault)} at ${String(scope.path ?? 'all')} ${scope.times ?? 'for ever'}${breaks === undefined ? '' : ', one breaks'}`,
    run: () =>
      runFaulted(workspace, {
        inputs,
        replayer: breaks === undefined ? {} : { breaks },
        prepare: (github) => void github.fail(fault, scope),
        truth,
        limitMs: 300_000,
      }),
  };
}

testFaults('a GitHub that fails never makes it green by accident', {
  name: 'github',
  runs: { fast: 2, middle: 5, trust: 50 },
  caseOf,
});
