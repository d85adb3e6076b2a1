import { describe, expect, test } from '@jest/globals';
import { checkSubject, readSubject, recheckSubject } from '../../src/github/subject.js';
import { aCommitContext, aGitHubContext, aPullRequestTrigger } from '../builders/github-context.js';
import { aSubject } from '../builders/gate-parts.js';

const MERGE = 'c'.repeat(40);
const HEAD = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

/** GITHUB_SHA is the base's commit there. */
const TARGET = aPullRequestTrigger({ mergeSha: undefined });

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

  test.each([
    ['push', aCommitContext('push'), [MERGE]],
    ['schedule, which names no code', aCommitContext('schedule', 'any'), 'any'],
    [
      'pull_request_target',
      aGitHubContext({ eventName: 'pull_request_target', trigger: TARGET }),
      [HEAD],
    ],
  ])('is checked against the commit of %s', async (_, context, accepted) => {
    expect((await readSubject(source({ context }))).acceptedCommits).toEqual(accepted);
  });

  test('tells that the head is a fork, where it is one', async () => {
    const context = aGitHubContext({ trigger: aPullRequestTrigger({ fromFork: true }) });
    expect((await readSubject(source({ context }))).isFromFork).toBe(true);
  });

  test('cannot move', async () => {
    expect(await recheckSubject(source(), aSubject({ title: 'another' }))).toBeUndefined();
  });
});

describe('a run that would give secrets to a stranger’s code is refused', () => {
  const fork = aPullRequestTrigger({ fromFork: true });
  const unknown = { kind: 'commit', commits: [HEAD], fromFork: true } as const;

  test.each([
    ['pull_request_target', fork],
    ['pull_request_target', unknown],
    ['workflow_run', fork],
    ['workflow_run', unknown],
  ])('%s of %j, also with a build ID', async (eventName, trigger) => {
    const context = aGitHubContext({ eventName, trigger });
    for (const claimsBuildId of [false, true]) {
      await expect(
        readSubject(source({ context, claimsBuildId, title: undefined })),
      ).rejects.toMatchObject({
        name: 'UserError',
        found: expect.stringContaining('fork'),
        fix: expect.stringContaining('secrets'),
      });
    }
  });

  test('but not pull_request of a fork, which gets no secrets', async () => {
    const context = aGitHubContext({ trigger: fork });
    await expect(readSubject(source({ context }))).resolves.toBeDefined();
  });

  test('nor pull_request_target of a branch of this repository', async () => {
    const context = aGitHubContext({ eventName: 'pull_request_target' });
    await expect(readSubject(source({ context }))).resolves.toBeDefined();
  });
});

describe('without a title from the input', () => {
  test.each([
    ['push', aCommitContext('push')],
    ['a comment', aCommitContext('issue_comment')],
    ['a review', aCommitContext('pull_request_review')],
    ['a schedule', aCommitContext('schedule', 'any')],
    ['no repository', aGitHubContext({ repository: undefined })],
  ])('%s is an error, never "no claim"', async (_, context) => {
    await expect(readSubject(source({ context, title: undefined }))).rejects.toMatchObject({
      name: 'UserError',
      expected: expect.stringContaining('build-id'),
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
  const check = (
    commit: string | undefined,
    acceptedCommits: readonly string[] | 'any',
    context = aGitHubContext(),
  ) => checkSubject({ context }, aSubject({ commit, acceptedCommits }));

  test.each([MERGE, HEAD])('may be at either commit of the pull request', (commit) => {
    expect(check(commit, [MERGE, HEAD])).toBeUndefined();
  });

  test('at another commit is the wrong checkout, and both are named', () => {
    expect(check(OTHER, [MERGE, HEAD])).toMatchObject({
      reason: 'wrong-checkout',
      summary: expect.stringMatching(/bbbbbbbbbbbb, .* cccccccccccc or aaaaaaaaaaaa\./u),
    });
  });

  test('of pull_request_target is not what is checked out by default, and the way out is told', () => {
    const context = aGitHubContext({ eventName: 'pull_request_target', trigger: TARGET });
    expect(check(OTHER, [HEAD], context)).toMatchObject({
      reason: 'wrong-checkout',
      summary: expect.stringContaining("Check out the pull request's head"),
    });
  });

  test('is no code at all without a checkout', () => {
    expect(check(undefined, [MERGE])).toMatchObject({
      reason: 'wrong-checkout',
      summary: expect.stringContaining('actions/checkout'),
    });
  });

  test('may be at any commit where any will do, and at none where none is known', () => {
    expect(check(OTHER, 'any')).toBeUndefined();
    expect(check(undefined, 'any')).toBeUndefined();
    expect(check(OTHER, [])).toMatchObject({ reason: 'wrong-checkout' });
  });
});
