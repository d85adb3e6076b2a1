import type { Shard } from '../model/shard.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { CONNECTION_INPUTS, type InputName, type ReadInput } from '../inputs/raw-inputs.js';
import { longEnough } from '../sealing/passphrase.js';

/** The inputs of the one-job action that each of the three jobs has too. */
export const FETCH_INPUTS: readonly InputName[] = [
  ...CONNECTION_INPUTS,
  'codec-endpoint',
  'codec-auth',
  'task-queue',
  'versioning',
  'deployment-name',
  'build-id',
  'title',
  'claim-position',
  'query',
  'max-histories',
  'max-reads',
  'time-budget',
  'history-timeout',
  'select',
  'fetch-concurrency',
  'max-requests-per-second',
  'history-cache',
  'history-cache-passphrase',
  'closed',
  'closed-window',
  'on-no-claim',
  'on-unknown-build',
  'on-no-histories',
  'drift',
  'github-token',
];

export const REPLAY_INPUTS: readonly InputName[] = [
  'language',
  'workflows',
  'working-directory',
  'baseline-directory',
  'replay-options',
  'replay-env',
  'isolation',
  'replay-concurrency',
];

export const REPORT_INPUTS: readonly InputName[] = [
  'show-workflow-ids',
  'ui-url',
  'comment',
  'suggest',
  'reports',
  'github-token',
];

/** Reads only these inputs: any other input in the workflow file has no effect. */
export function only(
  names: readonly InputName[],
  read: ReadInput,
): (name: InputName) => string | undefined {
  return (name) => (names.includes(name) ? read(name) : undefined);
}

export interface ContainerInputs {
  readonly path: string;
  readonly passphrase: string | undefined;
}

/** A matrix has at most as many jobs. */
const MOST_SHARDS = 256;

/** @param otherwise the path where the input is empty */
export function fetchJobInputs(
  read: ReadInput,
  otherwise: string,
): ContainerInputs & { readonly allowForks: boolean } {
  return {
    path: given(read, 'container') ?? otherwise,
    passphrase: passphrase(read),
    allowForks: oneOf(read, 'allow-forks', ['true', 'false']) === 'true',
  };
}

export function replayJobInputs(read: ReadInput): ContainerInputs & {
  readonly digest: string | undefined;
  readonly shard: Shard;
  readonly result: string | undefined;
} {
  return {
    path: required(read, 'container', 'the path of the container that the fetch job wrote'),
    passphrase: passphrase(read),
    digest: digest(read),
    shard: shard(read),
    result: given(read, 'result'),
  };
}

export function reportJobInputs(read: ReadInput): ContainerInputs & {
  readonly digest: string;
  readonly results: string;
  readonly shards: number;
} {
  const container = required(
    read,
    'container',
    'the path of the container that the fetch job wrote',
  );
  const told = digest(read);
  if (told === undefined) {
    throw new UserError({
      found: 'Input container-digest is empty',
      expected: 'the output digest of the fetch job, which identifies its container',
      fix:
        'set container-digest to the output digest of the fetch job; if you did, that job has failed ' +
        'or was cancelled, and its log says why',
    });
  }
  return {
    path: container,
    passphrase: passphrase(read),
    digest: told,
    results: required(read, 'results', 'a glob of the files that the replay jobs wrote'),
    shards: shards(read),
  };
}

function given(read: ReadInput, name: string): string | undefined {
  return read(name)?.trim() || undefined;
}

function required(read: ReadInput, name: string, what: string): string {
  const value = given(read, name);
  if (value !== undefined) return value;
  throw new UserError({
    found: `Input ${name} is empty`,
    expected: what,
    fix: `set ${name} under "with:"`,
  });
}

function oneOf(read: ReadInput, name: string, values: readonly string[]): string | undefined {
  const value = given(read, name);
  if (value === undefined || values.includes(value)) return value;
  throw wrong(name, value, `one of ${values.join(', ')}`);
}

function passphrase(read: ReadInput): string | undefined {
  const value = read('container-passphrase') || undefined;
  return value && longEnough(value, 'container-passphrase');
}

function digest(read: ReadInput): string | undefined {
  const value = given(read, 'container-digest');
  if (value === undefined || /^[0-9a-f]{64}$/u.test(value)) return value;
  throw wrong(
    'container-digest',
    value,
    'the output digest of the fetch job, 64 hexadecimal digits',
  );
}

function shard(read: ReadInput): Shard {
  const value = required(read, 'shard', 'which share to replay, as 1/4');
  const [, index, of] = /^(\d{1,3})\/(\d{1,3})$/u.exec(value) ?? [];
  const one = { index: Number(index), of: Number(of) };
  if (one.index >= 1 && one.index <= one.of && one.of <= MOST_SHARDS) return one;
  throw wrong('shard', value, `i/n, from 1/1 to ${MOST_SHARDS}/${MOST_SHARDS}`);
}

function shards(read: ReadInput): number {
  const value = required(read, 'shards', 'how many replay jobs there are');
  const count = /^\d{1,3}$/u.test(value) ? Number(value) : 0;
  if (count >= 1 && count <= MOST_SHARDS) return count;
  throw wrong('shards', value, `a whole number from 1 to ${MOST_SHARDS}`);
}

function wrong(name: string, value: string, expected: string): UserError {
  return new UserError({
    found: `Input ${name} is "${truncate(readable(value), 80)}"`,
    expected,
    fix: `correct ${name} under "with:"`,
  });
}
