import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  FETCH_INPUTS,
  fetchJobInputs,
  only,
  REPLAY_INPUTS,
  replayJobInputs,
  REPORT_INPUTS,
  reportJobInputs,
} from '../../src/container/job-inputs.js';
import { DEFAULTS, SECRET_INPUTS } from '../../src/inputs/raw-inputs.js';
import { failsOnStuck, RETIRE_INPUTS } from '../../src/inputs/retire-inputs.js';
import { projectRoot } from '../../testing/project-root.js';

const DIGEST = 'ab'.repeat(32);
const read = (values: Readonly<Record<string, string>>) => (name: string) => values[name];

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; default?: string }>>;
  readonly outputs: object;
}

function actionFile(folder: string): ActionFile {
  return parse(readFileSync(join(projectRoot, folder, 'action.yml'), 'utf8')) as ActionFile;
}

describe('the action.yml of each job', () => {
  const own = {
    fetch: ['container', 'container-passphrase', 'allow-forks'],
    replay: ['container', 'container-digest', 'container-passphrase', 'shard', 'result'],
    report: ['container', 'container-digest', 'container-passphrase', 'results', 'shards'],
  };
  const shared = { fetch: FETCH_INPUTS, replay: REPLAY_INPUTS, report: REPORT_INPUTS };

  test.each(['fetch', 'replay', 'report'] as const)('%s names what its code reads', (job) => {
    expect(Object.keys(actionFile(job).inputs).sort()).toEqual(
      [...own[job], ...shared[job]].sort(),
    );
  });

  test.each(['fetch', 'replay', 'report'] as const)(
    '%s says of a shared input what the one job says',
    (job) => {
      const whole = actionFile('.').inputs;
      const { inputs } = actionFile(job);
      for (const name of shared[job]) expect([name, inputs[name]]).toEqual([name, whole[name]]);
    },
  );

  test('retire names what its code reads, and says of a shared input what the one job says', () => {
    const { inputs } = actionFile('retire');
    expect(Object.keys(inputs)).toEqual([...RETIRE_INPUTS, 'fail-on-stuck']);
    // These two narrow what is told, instead of a search.
    const own = ['task-queue', 'deployment-name'];
    const whole = actionFile('.').inputs;
    for (const name of RETIRE_INPUTS.filter((one) => !own.includes(one))) {
      expect([name, inputs[name]]).toEqual([name, whole[name]]);
    }
  });

  test('report tells what the one job tells', () => {
    expect(actionFile('report').outputs).toEqual(actionFile('.').outputs);
  });

  test('together they take every input of the one job', () => {
    const all = new Set<string>([...FETCH_INPUTS, ...REPLAY_INPUTS, ...REPORT_INPUTS]);
    // Files are read from a checkout: who has them needs no three jobs. Advice asks the server and the code in turn.
    const missing = Object.keys(actionFile('.').inputs).filter((name) => !all.has(name));
    expect(missing).toEqual(['histories', 'histories-passphrase', 'advice']);
  });

  test('no credential goes to the job that runs code under test', () => {
    expect(REPLAY_INPUTS.filter((name) => SECRET_INPUTS.includes(name))).toEqual([]);
    expect(REPLAY_INPUTS).not.toContain('address');
  });
});

test('an input that a job does not have is not read', () => {
  const values = only(REPLAY_INPUTS, read({ address: 'temporal:7233', workflows: 'src' }));
  expect([values('address'), values('workflows')]).toEqual([undefined, 'src']);
});

describe('the inputs of the fetch job', () => {
  test('have a path without being told one, and refuse forks', () => {
    expect(fetchJobInputs(read({}), '/tmp/own.trc')).toEqual({
      path: '/tmp/own.trc',
      passphrase: undefined,
      allowForks: false,
    });
  });

  test('allow forks only in so many words', () => {
    expect(fetchJobInputs(read({ 'allow-forks': 'true' }), '').allowForks).toBe(true);
    expect(() => fetchJobInputs(read({ 'allow-forks': 'yes' }), '')).toThrow(/one of true, false/u);
  });

  test('take no short passphrase, and do not repeat it', () => {
    const short = (): unknown => fetchJobInputs(read({ 'container-passphrase': 'tooshort' }), '');
    expect(short).toThrow(/has 8 characters/u);
    expect(short).not.toThrow(/tooshort/u);
  });
});

describe('the inputs of a replay job', () => {
  const given = { container: 'c.trc', shard: '2/4' };

  test('say which share, from 1 on', () => {
    expect(replayJobInputs(read(given))).toMatchObject({
      path: 'c.trc',
      shard: { index: 2, of: 4 },
      digest: undefined,
    });
  });

  test.each(['0/4', '5/4', '1/257', '1', '1/4/4', '-1/4', ' / '])(
    'refuse the share %s',
    (shard) => {
      expect(() => replayJobInputs(read({ ...given, shard }))).toThrow(/Input shard is/u);
    },
  );

  test('need a container', () => {
    expect(() => replayJobInputs(read({ shard: '1/1' }))).toThrow(/Input container is empty/u);
  });
});

describe('the inputs of the report job', () => {
  const given = {
    container: 'c.trc',
    'container-digest': DIGEST,
    results: 'results/**',
    shards: '4',
  };

  test('are whole', () => {
    expect(reportJobInputs(read(given))).toEqual({
      path: 'c.trc',
      passphrase: undefined,
      digest: DIGEST,
      results: 'results/**',
      shards: 4,
    });
  });

  test.each([
    ['container', '', /Input container is empty/u],
    ['container-digest', '', /the fetch job.*failed or was cancelled/u],
    ['container-digest', 'abc', /64 hexadecimal digits/u],
    ['results', ' ', /Input results is empty/u],
    ['shards', '0', /from 1 to 256/u],
    ['shards', '257', /from 1 to 256/u],
    ['shards', '2.5', /from 1 to 256/u],
  ])('refuse %s "%s"', (name, value, words) => {
    expect(() => reportJobInputs(read({ ...given, [name]: value }))).toThrow(words);
  });
});

test('the defaults that action.yml shows are those of the code', () => {
  const { inputs } = actionFile('fetch');
  expect(inputs['max-histories']?.default).toBe(String(DEFAULTS.maxHistories));
  expect(inputs['max-reads']?.default).toBe(String(DEFAULTS.maxReads));
});

test('fail-on-stuck is true or false, and nothing else', () => {
  expect(failsOnStuck(read({}))).toBe(false);
  expect(failsOnStuck(read({ 'fail-on-stuck': ' true ' }))).toBe(true);
  expect(() => failsOnStuck(read({ 'fail-on-stuck': 'yes' }))).toThrow(/true or false/u);
});
