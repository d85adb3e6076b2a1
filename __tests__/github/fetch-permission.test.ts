import { describe, expect, test } from '@jest/globals';
import { refuseUnsafeFetch } from '../../src/github/fetch-permission.js';
import type { Trigger } from '../../src/github/context.js';

const pullRequest = (fromFork: boolean): Trigger => ({
  kind: 'pull-request',
  number: 7,
  headSha: '1'.repeat(40),
  mergeSha: undefined,
  previousTitle: undefined,
  fromFork,
});
const group: Trigger = {
  kind: 'merge-group',
  headSha: '1'.repeat(40),
  headRef: 'refs/heads/gh-readonly-queue/main/pr-7-1',
  baseSha: '2'.repeat(40),
  baseRef: 'refs/heads/main',
};

const fetch =
  (trigger: Trigger, isPublic: boolean, isEncrypted: boolean, allowForks = false) =>
  (): void =>
    refuseUnsafeFetch({ trigger, isPublic }, { allowForks, isEncrypted });

describe("a fork's head", () => {
  test('is refused, also with a passphrase', () => {
    expect(fetch(pullRequest(true), false, true)).toThrow(/head is in a fork/u);
  });

  test('passes where it is allowed, but not unencrypted in a public repository', () => {
    expect(fetch(pullRequest(true), true, true, true)).not.toThrow();
    expect(fetch(pullRequest(true), true, false, true)).toThrow(/is public/u);
  });
});

describe('a branch of the repository', () => {
  test.each([pullRequest(false), group])('passes in a private one, $kind', (trigger) => {
    expect(fetch(trigger, false, false)).not.toThrow();
  });

  test.each([pullRequest(false), group])('needs a passphrase in a public one, $kind', (trigger) => {
    expect(fetch(trigger, true, false)).toThrow(/the container is not encrypted/u);
    expect(fetch(trigger, true, true)).not.toThrow();
  });
});
