import { afterAll, describe, expect, test } from '@jest/globals';
import { readGitHubContext } from '../../src/github/context.js';
import { UserError } from '../../src/model/user-error.js';
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
    sha: 'c'.repeat(40),
    serverUrl: 'https://github.example',
    pullRequest: { number: 12, headSha: 'a'.repeat(40), fromFork: false },
  });
});

describe('a fork', () => {
  test.each([
    ['another repository', pullRequest('mallory/orders')],
    ['a deleted repository', pullRequest(null)],
    ['a repository that is not named', { pull_request: { number: 1, head: { sha: 'a' } } }],
  ])('is %s', (_, payload) => {
    expect(contextOf(payload).pullRequest?.fromFork).toBe(true);
  });
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
  expect(readGitHubContext({})).toMatchObject({ isPublic: true, pullRequest: undefined });
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
