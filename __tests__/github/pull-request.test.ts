import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type * as Subject from '../../src/github/subject.js';
import { startFakeGitHub, type Fault, type FakeGitHub } from '../../testing/fake-github.js';
import { aSubject } from '../builders/gate-parts.js';
import { aGitHubContext, aPullRequestTrigger } from '../builders/github-context.js';

const HEAD = '1'.repeat(40);

let github: FakeGitHub;
let subject: typeof Subject;
let endFault: (() => void) | undefined;

beforeAll(async () => {
  github = await startFakeGitHub([{ number: 12, headSha: HEAD, title: '[compatible-v1.0] Wait' }]);
  process.env['GITHUB_API_URL'] = github.url;
  // The client reads the variable once, when it is loaded.
  subject = await import('../../src/github/subject.js');
});
afterAll(async () => {
  delete process.env['GITHUB_API_URL'];
  await github.stop();
});
afterEach(() => {
  endFault?.();
  github.requests.length = 0;
  expect(github.violations).toEqual([]);
});

const MERGE = 'c'.repeat(40);

const source = (
  changes: { token?: string; number?: number; headSha?: string; signal?: AbortSignal } = {},
) => ({
  context: aGitHubContext({
    trigger: aPullRequestTrigger({
      number: changes.number ?? 12,
      headSha: changes.headSha ?? HEAD,
      mergeSha: MERGE,
    }),
  }),
  title: undefined,
  token: changes.token ?? github.token,
  commit: HEAD,
  signal: changes.signal ?? new AbortController().signal,
});

const spoil = (fault: Fault, times = Infinity): void => {
  endFault = github.fail(fault, { times });
};

test('the title is read, and the merge commit of the head counts as the head', async () => {
  expect(await subject.readSubject(source())).toMatchObject({
    title: '[compatible-v1.0] Wait',
    commit: HEAD,
    acceptedCommits: [MERGE, HEAD],
  });
});

describe('a job that is run again after a push', () => {
  const again = () => source({ headSha: 'a'.repeat(40) });

  test('is about the new head, and not about the merge of the old one', async () => {
    expect(await subject.readSubject(again())).toMatchObject({ acceptedCommits: [HEAD] });
  });

  test.each([MERGE, 'a'.repeat(40)])('has moved when the checkout is at %s', async (commit) => {
    const read = await subject.readSubject({ ...again(), commit });
    expect(subject.checkSubject(again(), read)).toMatchObject({
      reason: 'moved',
      summary: expect.stringContaining('111111111111'),
    });
  });
});

describe('at the end of the check', () => {
  const recheck = (title: string, accepted: string) =>
    subject.recheckSubject(source(), aSubject({ title, acceptedCommits: [accepted] }));

  test('a pull request that stayed as it was is fine', async () => {
    expect(await recheck('[compatible-v1.0] Wait', HEAD)).toBeUndefined();
  });

  test('another title is a move', async () => {
    expect(await recheck('[compatible-v0.9] Wait', HEAD)).toMatchObject({
      reason: 'moved',
      summary: expect.stringContaining('"[compatible-v1.0] Wait"'),
    });
  });

  test('another head is a move', async () => {
    expect(await recheck('[compatible-v1.0] Wait', 'a'.repeat(40))).toMatchObject({
      reason: 'moved',
      summary: expect.stringContaining('111111111111'),
    });
  });
});

describe('GitHub that does not answer properly', () => {
  test('is asked again when the trouble passes', async () => {
    spoil({ kind: 'status', status: 502 }, 1);
    await expect(subject.readSubject(source())).resolves.toMatchObject({ commit: HEAD });
    expect(github.requests).toHaveLength(2);
  });

  test('is asked again after a hang-up', async () => {
    spoil({ kind: 'hang-up' }, 1);
    await expect(subject.readSubject(source())).resolves.toMatchObject({ commit: HEAD });
  });

  test('is given up after four times', async () => {
    spoil({ kind: 'status', status: 503 });
    await expect(subject.readSubject(source())).rejects.toMatchObject({
      name: 'UserError',
      found: expect.stringContaining('pull request 12 cannot be read (503'),
    });
    expect(github.requests).toHaveLength(4);
    // It waits between the attempts for more than three seconds.
  });

  test('with something that is no pull request is an error, never "no claim"', async () => {
    spoil({ kind: 'malformed' });
    await expect(subject.readSubject(source())).rejects.toMatchObject({ name: 'UserError' });
  });
});

describe('a token that may not', () => {
  test.each([
    ['is unknown', () => source({ token: 'wrong' })],
    ['is for another pull request', () => source({ number: 99 })],
  ])('(%s) is told with the permission, and not tried again', async (_, from) => {
    await expect(subject.readSubject(from())).rejects.toMatchObject({
      name: 'UserError',
      fix: expect.stringContaining('pull-requests: read'),
    });
    expect(github.requests).toHaveLength(1);
  });
});

test('a cancelled job waits for nothing', async () => {
  const signal = AbortSignal.abort(new Error('cancelled'));
  await expect(subject.readSubject(source({ signal }))).rejects.toBeDefined();
  expect(github.requests).toHaveLength(0);
});
