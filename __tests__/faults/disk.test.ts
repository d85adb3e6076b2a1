import { afterAll, beforeAll } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../testing/random.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { mountTinyDisk, TINY_DISK } from '../../testing/tiny-disk.js';
import { runFaulted } from './faulted-run.js';
import { soundFiles, type SoundFiles } from './files.js';
import { testFaults, type Case } from './try-faults.js';

/** A disk that is full, soon or at once, and folders that are none. */

let sound: SoundFiles;
beforeAll(async () => {
  sound = await soundFiles();
});
afterAll(() => sound.workspace.remove());

/** What of a step is written where. */
const FILES = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'] as const;
const FOLDERS = ['RUNNER_TEMP', 'TMPDIR'] as const;

interface Place {
  readonly words: string;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/** Some of it on a disk of a few pages; each of the rest stays where it is. */
function onTinyDisk(random: Random): Place {
  const kibibytes = 4 * random.magnitude(1, 60);
  const names = [...FILES, 'RUNNER_TEMP', 'TMPDIR'].filter(() => random.chance(0.5));
  const disk = mountTinyDisk(kibibytes);
  const env: Record<string, string> = {};
  for (const name of names) {
    env[name] = join(disk.path, name);
    if (FILES.some((file) => file === name)) writeFileSync(env[name], '');
    else mkdirSync(env[name]);
  }
  return {
    words: `${kibibytes} KiB for ${names.join(' and ') || 'nothing'}`,
    env,
    remove: () => disk.unmount(),
  };
}

/** A device on which nothing has room. */
function onFullDevice(random: Random): Place {
  const names = random.chance(0.5) ? FILES : [random.pick(FILES)];
  const env = Object.fromEntries(names.map((name) => [name, '/dev/full']));
  return { words: `${names.join(' and ')} on a full device`, env, remove: () => undefined };
}

function nowhere(random: Random): Place {
  const name = random.pick([...FILES, ...FOLDERS]);
  const path = random.pick(['/dev/null/nowhere', '/proc/nowhere', '/proc/self/nowhere']);
  return { words: `${name} at ${path}`, env: { [name]: path }, remove: () => undefined };
}

function caseOf(random: Random): Case {
  const { inputs, workspace, truth, running } = sound;
  const place = random.pick([onTinyDisk, onTinyDisk, onFullDevice, nowhere])(random);
  const breaks = random.chance(0.3) ? random.pick(running) : undefined;
  return {
    words: `${place.words}${breaks === undefined ? '' : ', one breaks'}`,
    run: async () => {
      try {
        return await runFaulted(workspace, {
          inputs,
          env: place.env,
          replayer: breaks === undefined ? {} : { breaks },
          truth,
          limitMs: 240_000,
        });
      } finally {
        place.remove();
      }
    },
  };
}

testFaults(
  'a disk that is full leaves nothing in part, and nothing green',
  { name: 'disk', runs: { fast: 2, middle: 4, trust: 30 }, caseOf },
  skipUnless(TINY_DISK),
);
