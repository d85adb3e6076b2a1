import { describe, expect, test } from '@jest/globals';
import { decodeResult, encodeResult, RESULT_VERSION } from '../../src/container/result-file.js';
import { report } from '../../src/gate/report-stage.js';
import type { Isolation } from '../../src/model/isolation.js';
import { FakeParts, gateSettings, NOW } from '../builders/gate-parts.js';

/** What a replay job tells of its isolation is read as all that it tells: it may have been the code under test. */

const NAMESPACED: Isolation = { rung: 'namespaced', sealed: true, root: false };

function withIsolation(isolation: unknown): Promise<Buffer> {
  const replayer = {
    language: 'go',
    sdkName: 'sdk',
    sdkVersion: '1',
    workflowTypes: [],
    isolation,
  };
  return encodeResult({
    version: RESULT_VERSION,
    container: 'a'.repeat(64),
    shard: { index: 1, of: 1 },
    commit: null,
    checks: [
      {
        claim: 'v1.0',
        replayer: replayer as never,
        outcomes: [],
        causes: [],
        driftFound: [],
        notes: [],
        cancelled: false,
      },
    ],
  });
}

test('it comes back as it was', async () => {
  const result = await decodeResult(await withIsolation(NAMESPACED));
  expect(result).toMatchObject({ checks: [{ replayer: { isolation: NAMESPACED } }] });
});

describe('is refused', () => {
  test.each<[string, unknown]>([
    ['a rung that there is not', { ...NAMESPACED, rung: 'perfect' }],
    ['a rung with something behind', { ...NAMESPACED, rung: 'namespaced\n::error::x' }],
    ['what is no answer', { ...NAMESPACED, sealed: 'yes' }],
    ['more than that', { ...NAMESPACED, note: 'x' }],
    ['nothing at all', null],
  ])('%s', async (_what, isolation) => {
    expect(await decodeResult(await withIsolation(isolation))).toMatch(/it is no result/u);
  });
});

test('of several jobs the report names the weakest, and warns where one had none', async () => {
  const ended = { notes: [], cancelled: false };
  const replayed = (['namespaced', 'environment', 'no-new-privs'] as const).map((rung) => ({
    ...ended,
    replayer: {
      ...{ language: 'go', sdkName: 'sdk', sdkVersion: '1', workflowTypes: [] },
      isolation: { ...NAMESPACED, rung },
    },
    ...{ outcomes: [], causes: [], driftFound: [] },
  }));
  const fetched = {
    ...ended,
    asOf: NOW.toISOString(),
    listing: { executions: [], truncated: false },
  };
  const { isolation, warnings } = await report(
    { fetched, replayed, subject: undefined },
    gateSettings().policy,
    new FakeParts(),
  );
  expect(isolation).toEqual({ ...NAMESPACED, rung: 'environment' });
  expect(warnings).toContainEqual(expect.stringContaining('Isolation is "environment"'));
});
