import { describe, expect, test } from '@jest/globals';
import { checkSubject, readSubject, recheckSubject } from '../../src/github/subject.js';
import { aGitHubContext } from '../builders/github-context.js';
import { aSubject } from '../builders/gate-parts.js';

const MERGE = 'c'.repeat(40);
const HEAD = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

const source = (changes: Partial<Parameters<typeof readSubject>[0]> = {}) => ({
  context: aGitHubContext(),
  title: '[compatible-v1.0] Wait' as string | undefined,
  token: undefined,
  commit: MERGE,
  signal: new AbortController().signal,
  ...changes,
});

describe('a title from the input', () => {
  test("is checked against the pull request's commits", async () => {
    expect(await readSubject(source())).toEqual({
      title: '[compatible-v1.0] Wait',
      commit: MERGE,
      acceptedCommits: [MERGE, HEAD],
    });
  });

  test('goes with any commit outside of a pull request', async () => {
    const context = aGitHubContext({ eventName: 'push', pullRequest: undefined });
    expect((await readSubject(source({ context }))).acceptedCommits).toEqual([]);
  });

  test('cannot move', async () => {
    expect(await recheckSubject(source(), aSubject({ title: 'another' }))).toBeUndefined();
  });
});

describe('a run that would give secrets to a stranger’s code is refused', () => {
  const fork = { number: 12, headSha: HEAD, fromFork: true };

  test.each([fork, undefined])('pull_request_target of %j', async (pullRequest) => {
    const context = aGitHubContext({ eventName: 'pull_request_target', pullRequest });
    await expect(readSubject(source({ context }))).rejects.toMatchObject({
      name: 'UserError',
      found: expect.stringContaining('fork'),
      fix: expect.stringContaining('secrets'),
    });
  });

  test('but not pull_request of a fork, which gets no secrets', async () => {
    const context = aGitHubContext({ pullRequest: fork });
    await expect(readSubject(source({ context }))).resolves.toBeDefined();
  });

  test('nor pull_request_target of a branch of this repository', async () => {
    const context = aGitHubContext({ eventName: 'pull_request_target' });
    await expect(readSubject(source({ context }))).resolves.toBeDefined();
  });
});

describe('without a title from the input', () => {
  test.each([
    ['another event', aGitHubContext({ eventName: 'push' })],
    ['an event without a pull request', aGitHubContext({ pullRequest: undefined })],
    ['no repository', aGitHubContext({ repository: undefined })],
  ])('%s is an error, never "no claim"', async (_, context) => {
    await expect(readSubject(source({ context, title: undefined }))).rejects.toMatchObject({
      name: 'UserError',
      fix: expect.stringContaining('edited'),
    });
  });

  test('a missing token is an error, never "no claim"', async () => {
    await expect(readSubject(source({ title: undefined }))).rejects.toMatchObject({
      name: 'UserError',
      expected: 'the input github-token',
    });
  });
});

describe('the code under test', () => {
  const check = (commit: string | undefined, acceptedCommits: readonly string[]) =>
    checkSubject(aSubject({ commit, acceptedCommits }));

  test.each([MERGE, HEAD])('may be at either commit of the pull request', (commit) => {
    expect(check(commit, [MERGE, HEAD])).toBeUndefined();
  });

  test('at another commit is the wrong checkout, and both are named', () => {
    expect(check(OTHER, [MERGE, HEAD])).toMatchObject({
      reason: 'wrong-checkout',
      summary: expect.stringMatching(/bbbbbbbbbbbb, .* cccccccccccc or aaaaaaaaaaaa\./u),
    });
  });

  test('is no code at all without a checkout', () => {
    expect(check(undefined, [MERGE])).toMatchObject({
      reason: 'wrong-checkout',
      summary: expect.stringContaining('actions/checkout'),
    });
  });

  test('may be at any commit where none is expected', () => {
    expect(check(OTHER, [])).toBeUndefined();
    expect(check(undefined, [])).toBeUndefined();
  });
});
