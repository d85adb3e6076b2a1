import { describe } from '@jest/globals';
import { canRun, type MissingToolchain } from './toolchain.js';

/** Set by `npm run trust`. */
const TRUST = 'REPLAY_ACTION_TRUST';

/** Whether `npm run trust` runs, for what is too long for `npm test`, also under CI. */
export const isTrusting = process.env[TRUST] !== undefined;

interface Release<Name extends string> {
  readonly name: Name;
  readonly needed: { available: true } | MissingToolchain;
}

/**
 * Describes something once for each release of the server, oldest first. What takes long runs on all of
 * them under CI and by `npm run trust`, and otherwise on the newest that there is: the others are
 * counted as skipped.
 */
export function onReleases<Name extends string>(
  releases: readonly Release<Name>[],
): {
  /** Those that are run. */
  readonly runnable: readonly Name[];
  /** `%s` in the title stands for the release. */
  readonly describeOn: (title: string, body: (name: Name) => void) => void;
} {
  const there = releases.filter(({ needed }) => canRun(needed));
  const newest = there.at(-1);
  const all =
    process.env[TRUST] !== undefined || ![undefined, '', 'false'].includes(process.env['CI']);
  const runs = (release: Release<Name>): boolean =>
    all ? there.includes(release) : release === newest;
  return {
    runnable: releases.filter(runs).map(({ name }) => name),
    describeOn: (title, body) => {
      for (const release of releases) {
        const describeIt = runs(release) ? describe : describe.skip;
        describeIt(title.replace('%s', release.name), () => body(release.name));
      }
    },
  };
}
