import { afterAll, beforeAll } from '@jest/globals';
import type { Random } from '../../testing/random.js';
import { runFaulted } from './faulted-run.js';
import { soundFiles, type SoundFiles } from './files.js';
import { testFaults, type Case } from './try-faults.js';

/** A replay process that dies, hangs, runs out of memory or talks nonsense, at each step of the protocol. */

let sound: SoundFiles;
beforeAll(async () => {
  sound = await soundFiles();
});
afterAll(() => sound.workspace.remove());

const STEPS = ['launched', 'start', 'ready', 'replay', 'result'];

const DEATHS = ['SIGKILL', 'SIGSEGV', 'exit 0', 'exit 7', 'memory', 'leaves a process'];
const NONSENSE = ['half a line', 'half a line and exit', 'noise', 'another result'];
const HANGS = ['SIGSTOP', 'loop'];

/** Before it is ready it has minutes: a toolchain may be at work. */
const kindsAt = (step: string): readonly string[] => {
  if (step === 'replay') return [...DEATHS, ...NONSENSE, ...HANGS];
  if (step === 'result') return [...DEATHS, ...NONSENSE, ...HANGS, 'a second result'];
  return [...DEATHS, 'noise', 'half a line and exit', 'another result'];
};

function caseOf(random: Random): Case {
  const { inputs, workspace, truth, running } = sound;
  const step = random.pick(STEPS);
  const kind = random.pick(kindsAt(step));
  const nth =
    step === 'replay' || step === 'result'
      ? random.integer(0, truth.matched)
      : random.integer(0, 2);
  const breaks = random.chance(0.4) ? random.pick(running) : undefined;
  return {
    words: `${kind} at ${step} ${nth}${breaks === undefined ? '' : ', one breaks'}`,
    run: () =>
      runFaulted(workspace, {
        inputs: { ...inputs, 'replay-concurrency': String(random.integer(1, 3)) },
        replayer: { fault: { kind, step, nth }, ...(breaks === undefined ? {} : { breaks }) },
        truth,
        limitMs: 240_000,
      }),
  };
}

testFaults('a replay process that fails never makes it green by accident', {
  name: 'child',
  runs: { fast: 2, middle: 8, trust: 70 },
  caseOf,
});
