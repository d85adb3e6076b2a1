import { afterAll, describe, expect, test } from '@jest/globals';
import { readGitHubContext } from '../../src/github/context.js';
import { UserError } from '../../src/model/user-error.js';
import {
  deploymentEvent,
  issueCommentEvent,
  mergeGroupEvent,
  pullRequestTargetEvent,
  pushEvent,
  releaseEvent,
  scheduleEvent,
  workflowDispatchEvent,
  workflowRunEvent,
  type TriggerEvent,
  type WorkflowRunDetails,
} from '../../testing/event.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const folder = new WorkspaceFolder();
afterAll(() => folder.remove());

const ENVIRONMENT = {
  GITHUB_REPOSITORY: 'acme/orders',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_SHA: 'c'.repeat(40),
  GITHUB_SERVER_URL: 'https://github.example',
};

function contextOf(payload: unknown, environment: NodeJS.ProcessEnv = {}) {
  const content = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const path = folder.file('../event.json', content);
  return readGitHubContext({ ...ENVIRONMENT, GITHUB_EVENT_PATH: path, ...environment });
}

const pullRequest = (head: string | null, base = 'acme/orders') => ({
  repository: { private: true },
  pull_request: {
    number: 12,
    head: { sha: 'a'.repeat(40), repo: head === null ? null : { full_name: head } },
    base: { repo: { full_name: base } },
  },
});

test('a pull request is read from the environment and the payload', () => {
  expect(contextOf(pullRequest('acme/orders'))).toEqual({
    eventName: 'pull_request',
    repository: { owner: 'acme', name: 'orders' },
    isPublic: false,
    serverUrl: 'https://github.example',
    trigger: {
      kind: 'pull-request',
      number: 12,
      headSha: 'a'.repeat(40),
      mergeSha: 'c'.repeat(40),
      previousTitle: undefined,
      fromFork: false,
    },
  });
});

test('the title before an edit is read', () => {
  const edited = { ...pullRequest('acme/orders'), changes: { title: { from: 'Before' } } };
  expect(contextOf(edited).trigger).toMatchObject({ previousTitle: 'Before' });
});

describe('a fork', () => {
  test.each([
    ['another repository', pullRequest('mallory/orders')],
    ['a deleted repository', pullRequest(null)],
    ['a repository that is not named', { pull_request: { number: 1, head: { sha: 'a' } } }],
  ])('is %s', (_, payload) => {
    expect(contextOf(payload).trigger).toMatchObject({ fromFork: true });
  });
});

/** What the runner says of one of the events that tests send. */
function triggerOf(event: TriggerEvent) {
  return contextOf(event.payload, {
    GITHUB_EVENT_NAME: event.name,
    GITHUB_SHA: event.sha,
    GITHUB_REPOSITORY: event.repository,
  }).trigger;
}

const PR = {
  number: 12,
  headSha: 'a'.repeat(40),
  baseSha: 'b'.repeat(40),
  mergeSha: 'c'.repeat(40),
};

test('of pull_request_target GITHUB_SHA is the base, and is not taken for the pull request', () => {
  expect(triggerOf(pullRequestTargetEvent(PR))).toMatchObject({
    kind: 'pull-request',
    headSha: PR.headSha,
    mergeSha: undefined,
  });
  expect(triggerOf({ ...pullRequestTargetEvent(PR), payload: {} })).toEqual({
    kind: 'commit',
    commits: [],
    fromFork: true,
  });
});

test('a merge group is its commits and refs', () => {
  expect(triggerOf(mergeGroupEvent({ ...PR, baseRef: 'release/v1' }))).toEqual({
    kind: 'merge-group',
    headSha: PR.headSha,
    headRef: `refs/heads/gh-readonly-queue/release/v1/pr-12-${PR.baseSha}`,
    baseSha: PR.baseSha,
    baseRef: 'refs/heads/release/v1',
  });
});

describe('a run that follows another run', () => {
  test('is about the pull request of that run', () => {
    expect(triggerOf(workflowRunEvent(PR))).toEqual({
      kind: 'pull-request',
      number: 12,
      headSha: PR.headSha,
      mergeSha: undefined,
      previousTitle: undefined,
      fromFork: false,
    });
  });

  test.each<[string, WorkflowRunDetails]>([
    ['without a pull request', { pullRequests: [] }],
    ['with several', { pullRequests: [PR, { ...PR, number: 13 }] }],
    ["with another repository's", { pullRequests: [{ ...PR, repository: 'mallory/orders' }] }],
  ])('%s is about its commit only, never about GITHUB_SHA', (_, details) => {
    expect(triggerOf(workflowRunEvent(PR, details))).toEqual({
      kind: 'commit',
      commits: [PR.headSha],
      fromFork: false,
    });
  });

  test.each(['mallory/orders', null])('of %j is a fork', (headRepository) => {
    expect(triggerOf(workflowRunEvent(PR, { headRepository }))).toMatchObject({ fromFork: true });
  });

  test('that is not told is a fork, and about no commit', () => {
    expect(triggerOf({ ...workflowRunEvent(PR), payload: {} })).toEqual({
      kind: 'commit',
      commits: [],
      fromFork: true,
    });
  });
});

test.each<[string, TriggerEvent, readonly string[] | 'any']>([
  ['push', pushEvent(PR), [PR.headSha]],
  ['workflow_dispatch', workflowDispatchEvent(PR), [PR.headSha]],
  ['release', releaseEvent(PR), [PR.headSha]],
  ['deployment', { ...deploymentEvent(PR), sha: 'd'.repeat(40) }, [PR.headSha]],
  ['issue_comment', issueCommentEvent(PR), [PR.baseSha]],
  ['schedule', scheduleEvent(PR), 'any'],
])('%s is about its commit', (_, event, commits) => {
  expect(triggerOf(event)).toEqual({ kind: 'commit', commits, fromFork: false });
});

describe('a repository', () => {
  test.each([
    [{ repository: { private: true } }, false],
    [{ repository: { private: false } }, true],
    [{ repository: {} }, true],
    [{}, true],
  ])('with the payload %j is public: %j', (payload, isPublic) => {
    expect(contextOf(payload).isPublic).toBe(isPublic);
  });

  test.each(['', 'acme', '/orders'])('is none when the environment says %j', (name) => {
    expect(contextOf({}, { GITHUB_REPOSITORY: name }).repository).toBeUndefined();
  });
});

test('outside of GitHub there is no pull request, and nothing is taken for private', () => {
  expect(readGitHubContext({})).toMatchObject({
    isPublic: true,
    trigger: { kind: 'commit', commits: [] },
  });
});

test.each<[string, unknown]>([
  ['no JSON', '{"pull_request":'],
  ['a pull request without a number', { pull_request: { head: { sha: 'a' } } }],
  ['a pull request without a head', { pull_request: { number: 1 } }],
  [
    'a pull request with a number that is none',
    { pull_request: { number: '1', head: { sha: 'a' } } },
  ],
  ['a list', []],
])('a payload that is %s is refused', (_, payload) => {
  expect(() => contextOf(payload)).toThrow(UserError);
});

test('a payload that is not there is refused', () => {
  expect(() => contextOf({}, { GITHUB_EVENT_PATH: folder.at('nowhere.json') })).toThrow(UserError);
});
