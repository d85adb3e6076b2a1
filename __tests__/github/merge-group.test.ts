import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as Subjects from '../../src/github/subjects.js';
import { FakeGitHub } from '../../testing/fake-github.js';
import { aGitHubContext } from '../builders/github-context.js';

const BASE = 'b'.repeat(40);
const FIRST = '1'.repeat(40);
const SECOND = '2'.repeat(40);
const BRANCH = 'release/v1';

const refOf = (number: number, baseSha: string): string =>
  `refs/heads/gh-readonly-queue/${BRANCH}/pr-${number}-${baseSha}`;

let github: FakeGitHub;
let subjects: typeof Subjects;
let apiUrl: string;

beforeAll(async () => {
  github = new FakeGitHub();
  await github.start();
  apiUrl = github.url;
  process.env['GITHUB_API_URL'] = apiUrl;
  // The client reads the variable once, when it is loaded.
  subjects = await import('../../src/github/subjects.js');
});
afterAll(async () => {
  delete process.env['GITHUB_API_URL'];
  await github.stop();
});

/** Two pull requests in the queue, 5 and then 7, each with one commit. */
beforeEach(() => {
  github.clear();
  github.addPullRequest({ number: 5, title: '[compatible-v1.0] Wait', baseRef: BRANCH });
  github.addPullRequest({ number: 7, title: '[compatible-v2.0] Ship', baseRef: BRANCH });
  github.setRef(`refs/heads/${BRANCH}`, BASE);
  github.addCommit(FIRST, [BASE], 'Wait');
  github.addCommit(SECOND, [FIRST], 'Ship');
  github.setRef(refOf(5, BASE), FIRST);
  github.setRef(refOf(7, FIRST), SECOND);
});
afterEach(() => expect(github.violations).toEqual([]));

const source = (number = 7, headSha = SECOND, baseSha = FIRST) => ({
  context: aGitHubContext({
    eventName: 'merge_group',
    trigger: {
      kind: 'merge-group' as const,
      headSha,
      headRef: refOf(number, baseSha),
      baseSha,
      baseRef: `refs/heads/${BRANCH}`,
    },
  }),
  title: undefined,
  token: github.token,
  commit: headSha,
  signal: new AbortController().signal,
});

/** What is checked: `title of #numbers`. */
async function checked(from = source()): Promise<string[]> {
  const parts = await subjects.subjectsOf(from, 'start');
  const read = await Promise.all(parts.map((part) => part.readSubject()));
  for (const subject of read) expect(subject.acceptedCommits).toEqual([from.commit]);
  return read.map(({ title, pullRequests }) => `${title} of ${pullRequests?.join(', ') ?? ''}`);
}

describe('a merge group', () => {
  test('of one pull request is checked for its title', async () => {
    expect(await checked(source(5, FIRST, BASE))).toEqual(['[compatible-v1.0] Wait of 5']);
  });

  test('is checked for each claim of those that would be merged with it', async () => {
    expect(await checked()).toEqual(['[compatible-v2.0] Ship of 7', '[compatible-v1.0] Wait of 5']);
  });

  test('is checked once for a claim that several make', async () => {
    github.rename('[compatible-v1.0] Ship', 7);
    expect(await checked()).toEqual(['[compatible-v1.0] Ship of 7, 5']);
  });

  test('is checked for titles without a claim and malformed ones too', async () => {
    github.rename('Wait', 5);
    github.rename('[Compatible v2.0] Ship', 7);
    expect(await checked()).toEqual(['[Compatible v2.0] Ship of 7', 'Wait of 5']);
  });

  test('leaves out what the base branch has by now', async () => {
    github.setRef(`refs/heads/${BRANCH}`, FIRST);
    expect(await checked()).toEqual(['[compatible-v2.0] Ship of 7']);
  });

  test('is read to its end, however many commits it has', async () => {
    let parent = BASE;
    for (let index = 0; index < 230; index += 1) {
      const next = index.toString(16).padStart(40, 'e');
      github.addCommit(next, [parent]);
      parent = next;
    }
    github.addCommit(FIRST, [parent], 'Wait');
    expect(await checked()).toHaveLength(2);
  });
});

describe('an entry whose ref is gone', () => {
  beforeEach(() => github.removeRef(refOf(5, BASE)));

  test.each(['Wait a second (#5)', 'Merge pull request #5 from acme/wait'])(
    'is found by the subject %j',
    async (subject) => {
      github.addCommit(FIRST, [BASE], subject);
      expect(await checked()).toContain('[compatible-v1.0] Wait of 5');
    },
  );

  test('is found also when it has been merged meanwhile', async () => {
    github.addCommit(FIRST, [BASE], 'Wait a second (#5)');
    github.update({ state: 'closed', isMerged: true, mergeSha: FIRST }, 5);
    expect(await checked()).toContain('[compatible-v1.0] Wait of 5');
  });

  test.each([
    ['names nobody', 'Wait a second', {}],
    ['names an issue', 'Wait a second (#99)', {}],
    ['names a closed pull request', 'Wait a second (#5)', { state: 'closed' as const }],
    ['names a pull request into another branch', 'Wait a second (#5)', { baseRef: 'main' }],
  ])('and whose commit %s is an error that shows the commit', async (_, subject, change) => {
    github.addCommit(FIRST, [BASE], subject);
    github.update(change, 5);
    await expect(checked()).rejects.toMatchObject({
      name: 'UserError',
      found: expect.stringContaining(`111111111111 "${subject}"`),
    });
  });
});

test("a number in the subject of the group's own commit, that is another's, is not asked to claim", async () => {
  github.addPullRequest({
    number: 3,
    title: '[compatible-v0] Old',
    state: 'closed',
    baseRef: BRANCH,
  });
  github.addCommit(SECOND, [FIRST], 'Take over (#3)');
  expect(await checked()).toEqual(['[compatible-v2.0] Ship of 7', '[compatible-v1.0] Wait of 5']);
});

describe('what cannot be read is an error, never "no claim"', () => {
  test.each([
    ['the title', /\/pulls\/5$/u, 'pull-requests: read'],
    ['the queue', /matching-refs/u, 'contents: read'],
    ['the commits', /compare/u, 'contents: read'],
  ])('%s', async (_, path, permission) => {
    const end = github.fail({ kind: 'status', status: 403 }, { path });
    await expect(checked()).rejects.toMatchObject({
      name: 'UserError',
      fix: expect.stringContaining(permission),
    });
    end();
  });

  test("the group's ref", async () => {
    const from = source();
    const trigger = { ...from.context.trigger, headRef: 'refs/heads/gh-readonly-queue/main/x' };
    await expect(checked({ ...from, context: { ...from.context, trigger } })).rejects.toMatchObject(
      { found: expect.stringContaining('names no pull request') },
    );
  });

  test('the token', async () => {
    await expect(checked({ ...source(), token: '' })).rejects.toBeDefined();
  });
});

describe('at the end', () => {
  const recheck = async () => {
    const [first] = await subjects.subjectsOf(source(), 'start');
    const subject = await first.readSubject();
    return { subject, again: () => first.recheckSubject(subject) };
  };

  test('a group whose titles stayed is fine', async () => {
    const { again } = await recheck();
    expect(await again()).toBeUndefined();
  });

  test("another's title that changed is a move", async () => {
    const { again } = await recheck();
    github.rename('[compatible-v3.0] Wait', 5);
    expect(await again()).toMatchObject({
      reason: 'moved',
      summary: expect.stringContaining('pull request 5 changed'),
    });
  });
});

test.each([
  ['a title', { title: '[compatible-v9] Try' }],
  ['a build ID', { claimsBuildId: true }],
])('%s from the inputs is checked instead, and nothing is asked', async (_, inputs) => {
  github.requests.length = 0;
  const [only, ...others] = await subjects.subjectsOf({ ...source(), ...inputs }, 'start');
  expect(others).toEqual([]);
  expect(await only.readSubject()).toMatchObject({ acceptedCommits: [SECOND] });
  expect(github.requests).toEqual([]);
});
