import { describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnosis } from '../../../bench/diagnosis/diagnosis.js';
import { GO } from '../../../bench/diagnosis/languages/go/go.js';
import type { Sample } from '../../../bench/diagnosis/score.js';
import { findGoSdk, GO_SDKS } from '../../../testing/go-modules.js';
import { findTemporalCli } from '../../../testing/temporal-binary.js';
import { removeFolder, temporaryFolder } from '../../../testing/temporary-folder.js';
import { canRun } from '../../../testing/toolchain.js';

jest.setTimeout(600_000);

const bases = await GO.bases();

/** In a closure that a goroutine calls: the cuts before it has begun can go on. */
const BREAKS = 'summary/by-hand/one-more-is-told-in-the-closure';
/** An option of activities that goroutines run. */
const DRIFTS = 'summary/by-hand/activities-of-regions-show-that-they-live';

const sdk = await findGoSdk(GO_SDKS.newest);
const server = await findTemporalCli();
const isThere = [sdk, server].map((needed) => canRun(needed)).every(Boolean);

/** A share of `npm run bench -- diagnosis --language go`, so that it cannot rot. */
(isThere ? describe : describe.skip)('the bench with workflows in Go', () => {
  test('finds that a real worker breaks where the gate is red, and drifts where it tells drift', async () => {
    const folder = await temporaryFolder('bench-go');
    const json = join(folder, 'samples');
    const only = [BREAKS, DRIFTS].join(',');
    await diagnosis(['--language', 'go', '--only', only, '--json', json]);
    const lines = (await readFile(json, 'utf8')).trimEnd().split('\n');
    await removeFolder(folder);
    const samples = lines.map((line) => JSON.parse(line) as Sample);
    const of = (id: string): unknown[] =>
      samples
        .filter(({ edit }) => edit.id === id)
        .sort((a, b) => a.cut - b.cut)
        .map(({ truth, said }) => [truth.kind, said.outcome.kind, said.location?.line]);
    const breaking = samples.find(({ edit }) => edit.id === BREAKS);
    const [line] = [...(GO.edits(bases, 1).find(({ id }) => id === BREAKS)?.lines ?? [])];
    expect(of(BREAKS)).toEqual([
      ['continues-differently', 'passed', undefined],
      ['continues-differently', 'passed', undefined],
      ['breaks', 'nondeterministic', line],
    ]);
    expect(breaking?.said.closedIsRed).toBe(true);
    expect(of(DRIFTS)).toEqual(Array.from({ length: 3 }, () => ['continues', 'passed', undefined]));
    const drift = samples.find(({ edit }) => edit.id === DRIFTS)?.said.drift ?? [];
    expect(drift.map(({ command, field }) => `${command}: ${field}`)).toEqual([
      'activity Format: heartbeatTimeout',
    ]);
  });
});
