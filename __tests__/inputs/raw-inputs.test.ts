import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  DEFAULTS,
  INPUT_NAMES,
  parseInputs,
  SECRET_INPUTS,
  type InputName,
  type RawInputs,
} from '../../src/inputs/raw-inputs.js';
import { problemOf, type Inputs } from './reading.js';

const action = parse(readFileSync(join(import.meta.dirname, '../../action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
};

const read = (inputs: Inputs): RawInputs => parseInputs((name) => inputs[name]);

interface Rule {
  /** Written values, each with what it means. */
  readonly valid: readonly (readonly [written: string, meant: unknown])[];
  readonly invalid: readonly string[];
}

const TEXT: Rule = {
  valid: [
    ['x', 'x'],
    [' x ', 'x'],
    ['', undefined],
  ],
  invalid: [],
};
const LIST: Rule = {
  valid: [
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a , b\n c \r\n\n,', ['a', 'b', 'c']],
    ['', []],
    [' , \n ', []],
  ],
  invalid: [],
};
const oneOf = (first: string, ...others: string[]): Rule => ({
  valid: [
    ...[first, ...others].map((value) => [value, value] as const),
    ['', undefined],
    [` ${first} `, first],
  ],
  invalid: ['yes', first.toUpperCase(), `${first},${others[0]}`],
});
const wholeNumber = (from: number, to: number): Rule => ({
  valid: [
    [String(from), from],
    [String(to), to],
    ['', undefined],
  ],
  invalid: [String(from - 1), String(to + 1), '-1', '1.5', '1e3', '0x10', 'many', '1 000', '٣'],
});

/** One rule for every input of action.yml. */
const RULES: Readonly<Record<InputName, Rule>> = {
  address: TEXT,
  namespace: TEXT,
  'client-cert': TEXT,
  'client-key': TEXT,
  'server-ca-cert': TEXT,
  'server-name': TEXT,
  'api-key': TEXT,
  'codec-endpoint': TEXT,
  'codec-auth': TEXT,
  'task-queue': LIST,
  versioning: oneOf('auto', 'version-set', 'worker-deployment', 'build-id', 'none'),
  'deployment-name': TEXT,
  'build-id': TEXT,
  title: TEXT,
  'claim-position': oneOf('start', 'after-type'),
  query: TEXT,
  histories: TEXT,
  'histories-passphrase': TEXT,
  language: oneOf('auto', 'typescript', 'python', 'go', 'java', 'command'),
  workflows: TEXT,
  'working-directory': TEXT,
  'baseline-directory': TEXT,
  'replay-options': TEXT,
  'replay-env': LIST,
  isolation: oneOf('auto', 'namespaced', 'user-namespaced', 'no-new-privs', 'environment'),
  'max-histories': wholeNumber(1, 1_000_000),
  'max-reads': wholeNumber(1, 1_000_000),
  'time-budget': {
    valid: [
      ['1000ms', 1000],
      ['1s', 1000],
      ['90 s', 90_000],
      ['1.5m', 90_000],
      ['6h', 21_600_000],
      ['', undefined],
    ],
    invalid: ['10', '999ms', '7h', '-1m', '1d', '10 minutes', 'm', '1m30s', '0s', 'NaNs'],
  },
  'history-timeout': {
    valid: [
      ['100ms', 100],
      ['30s', 30_000],
      ['1h', 3_600_000],
      ['', undefined],
    ],
    invalid: ['30', '99ms', '2h', '0s', 'soon'],
  },
  select: oneOf('coverage', 'newest', 'all'),
  'replay-concurrency': wholeNumber(1, 64),
  'fetch-concurrency': wholeNumber(1, 64),
  'max-requests-per-second': wholeNumber(1, 100_000),
  'history-cache': TEXT,
  'history-cache-passphrase': TEXT,
  closed: oneOf('predict', 'fail', 'ignore'),
  'closed-window': {
    valid: [
      ['1m', 60_000],
      ['12h', 43_200_000],
      ['7d', 604_800_000],
      ['90d', 7_776_000_000],
      ['', undefined],
    ],
    invalid: ['7', '59s', '91d', '1w', '-1d'],
  },
  'on-no-claim': oneOf('pass', 'fail', 'check', 'advise'),
  'on-unknown-build': oneOf('fail', 'pass'),
  'on-no-histories': oneOf('fail', 'warn', 'pass'),
  advice: oneOf('true', 'false'),
  drift: oneOf('off', 'report', 'warn', 'fail'),
  'show-workflow-ids': oneOf('true', 'hash', 'false'),
  'ui-url': {
    valid: [
      ['https://temporal.example.com/', 'https://temporal.example.com'],
      ['http://localhost:8233', 'http://localhost:8233'],
      ['https://example.com/"temporal"/', 'https://example.com/%22temporal%22'],
      ['', undefined],
    ],
    invalid: [
      'temporal.example.com',
      'javascript:alert(1)',
      'https://me:secret@example.com',
      'https://example.com/?a=b',
      'https://example.com/#a',
    ],
  },
  comment: oneOf('never', 'on-failure', 'always'),
  suggest: oneOf('true', 'false'),
  reports: LIST,
  'github-token': TEXT,
};

describe('action.yml and the code', () => {
  test('know the same inputs, in the same order', () => {
    expect(INPUT_NAMES).toEqual(Object.keys(action.inputs));
  });

  test('have the same defaults', () => {
    const declared = read(
      Object.fromEntries(
        Object.entries(action.inputs).map(([name, { default: value }]) => [name, value ?? '']),
      ),
    );
    const { replayConcurrency, ...defaults } = DEFAULTS;
    expect({
      versioning: declared.versioning,
      claimPosition: declared['claim-position'],
      language: declared.language,
      isolation: declared.isolation,
      workingDirectory: declared['working-directory'],
      maxHistories: declared['max-histories'],
      maxReads: declared['max-reads'],
      timeBudgetMs: declared['time-budget'],
      historyTimeoutMs: declared['history-timeout'],
      select: declared.select,
      fetchConcurrency: declared['fetch-concurrency'],
      closed: declared.closed ?? DEFAULTS.closed,
      closedWindowMs: declared['closed-window'],
      onNoClaim: declared['on-no-claim'] ?? DEFAULTS.onNoClaim,
      onUnknownBuild: declared['on-unknown-build'],
      advice: declared.advice,
      drift: declared.drift,
      comment: declared.comment,
      suggest: declared.suggest,
    }).toEqual(defaults);
    expect(declared['replay-concurrency']).toBeUndefined();
    expect(replayConcurrency()).toBe(Math.min(64, availableParallelism()));
  });

  test('a default is declared for nothing else but the token', () => {
    const withDefault = Object.entries(action.inputs)
      .filter(([, { default: value }]) => value !== undefined)
      .map(([name]) => name);
    // Three defaults depend on other things, and the token's is GitHub's.
    expect(withDefault).toHaveLength(Object.keys(DEFAULTS).length - 3 + 1);
    expect(action.inputs['github-token']?.default).toBe('${{ github.token }}');
  });

  test('every input has a rule here', () => {
    expect(Object.keys(RULES)).toEqual(INPUT_NAMES);
  });
});

const valid = Object.entries(RULES).flatMap(([name, rule]) =>
  rule.valid.map(([written, meant]) => [name as InputName, written, meant] as const),
);

test.each(valid)('%s: %j means %j', (name, written, meant) => {
  expect(read({ [name]: written })[name]).toEqual(meant);
});

const invalid = Object.entries(RULES).flatMap(([name, rule]) =>
  rule.invalid.map((written) => [name as InputName, written] as const),
);

test.each(invalid)('%s: %j is refused with found, expected and how to fix', (name, written) => {
  const problem = problemOf(() => read({ [name]: written }));
  expect(problem.found).toBe(`Input ${name} is "${written}"`);
  expect(problem.expected).toContain(`${name}: `);
  expect(problem.fix).toContain(name);
});

test('an input that is not there is as one that is empty', () => {
  expect(read({})).toEqual(read(Object.fromEntries(INPUT_NAMES.map((name) => [name, '']))));
});

test('a range is named', () => {
  expect(problemOf(() => read({ 'max-histories': '0' })).expected).toContain('from 1 to 1000000');
});

test('the range of a duration is named where the value is out of it', () => {
  expect(problemOf(() => read({ 'time-budget': '7h' })).expected).toMatch(/from 1s to 6h/u);
  expect(problemOf(() => read({ 'history-timeout': '99ms' })).expected).toMatch(
    /from 100ms to 1h/u,
  );
});

test('all wrong inputs are named at once', () => {
  const problem = problemOf(() => read({ select: 'best', closed: 'open', 'max-histories': '-1' }));
  for (const name of ['select', 'closed', 'max-histories']) {
    expect(problem.found).toContain(`Input ${name}`);
    expect(problem.fix).toContain(name);
  }
});

test('a long or hostile value is shown short and readable', () => {
  const problem = problemOf(() =>
    read({ select: `\u001b[31m\u202e\n::error::${'x'.repeat(500)}` }),
  );
  expect(problem.found.length).toBeLessThan(150);
  expect(problem.found).not.toMatch(/\p{C}/u);
});

test('what may be a credential is known as such', () => {
  expect(SECRET_INPUTS).toEqual([
    'client-cert',
    'client-key',
    'api-key',
    'codec-auth',
    'history-cache-passphrase',
    'histories-passphrase',
    'github-token',
  ]);
});
