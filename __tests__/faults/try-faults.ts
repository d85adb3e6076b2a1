import { expect } from '@jest/globals';
import { Random } from '../../testing/random.js';
import { share, type Tier } from '../../testing/tiers.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { figure } from '../../testing/notes.js';
import { firstSeed } from '../../testing/seeds.js';
import type { FaultedRun } from './faulted-run.js';

/** Names one case, as `FAMILY:SEED`, to be run alone. */
const ONE = 'REPLAY_ACTION_FAULT';

/** Most of a run is waiting: for the network, for a limit, for a process to come up. */
const AT_A_TIME = 4;

/** One case: what goes wrong, in words, and the run under it. */
export interface Case {
  readonly words: string;
  readonly run: () => Promise<FaultedRun>;
}

export interface Family {
  readonly name: string;
  readonly runs: Readonly<Record<Tier, number>>;
  readonly caseOf: (random: Random) => Case;
}

/** A test of a family of faults. Where one case of another family is to be run alone, it is skipped. */
export function testFaults(title: string, family: Family, { test } = skipUnless()): void {
  const [asked = family.name, alone] = process.env[ONE]?.split(':') ?? [];
  (asked === family.name ? test : test.skip)(title, () => tryFaults(family, alone), 60 * 60_000);
}

/** Tries a family, case by case, each from a seed of its own, and fails with all that broke. */
async function tryFaults({ name, runs, caseOf }: Family, alone?: string): Promise<void> {
  const first = firstSeed();
  const count = share(runs);
  const seeds =
    alone === undefined
      ? Array.from({ length: count }, (_, index) => first + index)
      : [Number(alone)];
  const broken: string[] = [];
  const verdicts = new Map<string, number>();
  const work = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const { words, run } = caseOf(new Random(seed));
      const { breaches, verdict, reason, durationMs } = await run();
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      const told = `${ONE}=${name}:${seed} (${words}): ${verdict} ${reason} after ${Math.round(durationMs)} ms`;
      if (alone !== undefined || process.env['REPLAY_ACTION_TELL'] !== undefined) console.log(told);
      if (breaches.length > 0) broken.push(`${told}\n    ${breaches.join('\n    ')}`);
    }
  };
  const tried = seeds.length;
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  const counts = [...verdicts].map(([verdict, times]) => `${times} ${verdict}`).sort();
  figure(
    `faults: ${name}`,
    `${tried} runs from seed ${first}: ${counts.join(', ')}; ${broken.length} breaches`,
  );
  expect(broken.join('\n')).toBe('');
}
