import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

const seconds = JSON.parse(readFileSync(new URL('seconds.json', import.meta.url), 'utf8'));

/** Starts with what takes longest, so that the last minute has work for every worker. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const of = ({ path, context }) => seconds[relative(context.config.rootDir, path)] ?? 0;
    return [...tests].sort((one, other) => of(other) - of(one));
  }
}
