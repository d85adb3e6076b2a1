import { z } from 'zod';
import { availableParallelism } from 'node:os';
import { DRIFT_POLICIES } from '../model/drift.js';
import { ISOLATION_RUNGS } from '../model/isolation.js';
import { LANGUAGES } from '../model/language.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { VERSIONINGS } from '../model/settings.js';

/** An error message repeats at most this many characters of a wrong value. */
const MAX_SHOWN = 80;

/** Inputs whose values may be credentials: their values are never repeated. */
export const SECRET_INPUTS: readonly InputName[] = [
  'client-cert',
  'client-key',
  'api-key',
  'codec-auth',
  'history-cache-passphrase',
  'histories-passphrase',
  'github-token',
];

/** Reads an input of the action that runs; empty where it is not set. */
export type ReadInput = (name: string) => string | undefined;

const text = z.string().trim();
const optionalText = text.transform((value) => (value === '' ? undefined : value)).optional();

/** Multi-line PEM texts keep their inner white space. */
const pemOrPath = optionalText;

/** Names separated by commas or newlines. */
const list = text
  .transform((value) =>
    value
      .split(/[,\n]/u)
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .default([]);

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  text
    .refine((value) => value === '' || values.includes(value), {
      error: `one of ${values.join(', ')}`,
    })
    .transform((value) => (value === '' ? undefined : (value as T[number])))
    .optional();

/** The root of a web page, without a slash at its end. */
const webAddress = text
  .refine((value) => value === '' || isWebAddress(value), {
    error: 'an address such as https://temporal.example.com, without a user, a query or a fragment',
  })
  .transform((value) => (value === '' ? undefined : new URL(value).href.replace(/\/+$/u, '')))
  .optional();

function isWebAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return (
    /^https?:$/u.test(protocol) && [username, password, search, hash].every((part) => part === '')
  );
}

const wholeNumber = (from: number, to: number) =>
  text
    .refine(
      (value) =>
        value === '' || (/^\d+$/u.test(value) && Number(value) >= from && Number(value) <= to),
      { error: `a whole number from ${from} to ${to}` },
    )
    .transform((value) => (value === '' ? undefined : Number(value)))
    .optional();

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/u;

const duration = (from: string, to: string) =>
  text
    .refine(
      (value) => {
        if (value === '') return true;
        const ms = parseDuration(value);
        return (
          ms !== undefined && ms >= (parseDuration(from) ?? 0) && ms <= (parseDuration(to) ?? 0)
        );
      },
      { error: `a duration from ${from} to ${to} with its unit, such as 500ms, 30s, 10m or 1h` },
    )
    .transform((value) => (value === '' ? undefined : parseDuration(value)))
    .optional();

function parseDuration(value: string): number | undefined {
  const match = DURATION.exec(value);
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  return match?.[1] === undefined || unit === undefined ? undefined : Number(match[1]) * unit;
}

/** One rule for each input of action.yml, in its order. A test compares the two lists. */
const schema = z.object({
  address: optionalText,
  namespace: optionalText,
  'client-cert': pemOrPath,
  'client-key': pemOrPath,
  'server-ca-cert': pemOrPath,
  'server-name': optionalText,
  'api-key': optionalText,
  'codec-endpoint': optionalText,
  'codec-auth': optionalText,
  'task-queue': list,
  versioning: oneOf(VERSIONINGS),
  'deployment-name': optionalText,
  'build-id': optionalText,
  title: optionalText,
  'claim-position': oneOf(['start', 'after-type']),
  query: optionalText,
  histories: optionalText,
  'histories-passphrase': optionalText,
  language: oneOf(['auto', ...LANGUAGES]),
  workflows: optionalText,
  'working-directory': optionalText,
  'baseline-directory': optionalText,
  'replay-options': optionalText,
  'replay-env': list,
  isolation: oneOf(['auto', ...ISOLATION_RUNGS]),
  'max-histories': wholeNumber(1, 1_000_000),
  'max-reads': wholeNumber(1, 1_000_000),
  'time-budget': duration('1s', '6h'),
  'history-timeout': duration('100ms', '1h'),
  select: oneOf(['coverage', 'newest', 'all']),
  'replay-concurrency': wholeNumber(1, 64),
  'fetch-concurrency': wholeNumber(1, 64),
  'max-requests-per-second': wholeNumber(1, 100_000),
  'history-cache': optionalText,
  'history-cache-passphrase': optionalText,
  closed: oneOf(['predict', 'fail', 'ignore']),
  'closed-window': duration('1m', '90d'),
  'on-no-claim': oneOf(['pass', 'fail', 'check', 'advise']),
  'on-unknown-build': oneOf(['fail', 'pass']),
  'on-no-histories': oneOf(['fail', 'warn', 'pass']),
  advice: oneOf(['true', 'false']),
  drift: oneOf(DRIFT_POLICIES),
  'show-workflow-ids': oneOf(['true', 'hash', 'false']),
  'ui-url': webAddress,
  comment: oneOf(['never', 'on-failure', 'always']),
  suggest: oneOf(['true', 'false']),
  reports: list,
  'github-token': optionalText,
});

export type InputName = keyof typeof schema.shape;

/** How the server is reached. */
export const CONNECTION_INPUTS = [
  'address',
  'namespace',
  'client-cert',
  'client-key',
  'server-ca-cert',
  'server-name',
  'api-key',
] as const satisfies readonly InputName[];

export type RawInputs = z.output<typeof schema>;

export const INPUT_NAMES = Object.keys(schema.shape) as InputName[];

/** Values where an input is absent. Values that depend on the machine are functions. */
export const DEFAULTS = {
  versioning: 'auto',
  claimPosition: 'start',
  language: 'auto',
  isolation: 'auto',
  workingDirectory: '.',
  maxHistories: 1000,
  maxReads: 5000,
  timeBudgetMs: 10 * 60_000,
  historyTimeoutMs: 30_000,
  select: 'coverage',
  replayConcurrency: () => Math.min(64, availableParallelism()),
  fetchConcurrency: 5,
  closed: { server: 'predict', files: 'fail' },
  closedWindowMs: 7 * 24 * 60 * 60_000,
  onNoClaim: { deployment: 'check', others: 'pass' },
  onUnknownBuild: 'fail',
  advice: 'false',
  drift: 'report',
  comment: 'never',
  suggest: 'false',
} as const;

/**
 * Checks every input by itself.
 *
 * @throws UserError that names all wrong inputs at once: found, expected, how to fix.
 */
export function parseInputs(read: (name: InputName) => string | undefined): RawInputs {
  const values = Object.fromEntries(INPUT_NAMES.map((name) => [name, read(name) ?? '']));
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const name = issue.path.join('.') as InputName;
    const shown = SECRET_INPUTS.includes(name)
      ? 'a value that is not shown'
      : `"${truncate(readable(values[name] ?? ''), MAX_SHOWN)}"`;
    return { name, found: `Input ${name} is ${shown}`, expected: issue.message };
  });
  throw new UserError({
    found: problems.map((problem) => problem.found).join('; '),
    expected: problems.map((problem) => `${problem.name}: ${problem.expected}`).join('; '),
    fix: `correct ${problems.map((problem) => problem.name).join(', ')} under "with:"`,
  });
}
