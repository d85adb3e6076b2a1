import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as Suggestions from '../../src/github/suggestions.js';
import { FakeGitHub } from '../../testing/fake-github.js';

const github = new FakeGitHub();
let api: typeof Suggestions;
let number = 0;

beforeAll(async () => {
  await github.start();
  process.env['GITHUB_API_URL'] = github.url;
  // The client reads the variable once, when it is loaded.
  api = await import('../../src/github/suggestions.js');
});
afterAll(async () => {
  delete process.env['GITHUB_API_URL'];
  await github.stop();
});
beforeEach(() => {
  number += 1;
  github.addPullRequest({ number });
  github.account = undefined;
  github.isShown = () => true;
});
afterEach(() => expect(github.violations).toEqual([]));

const suggestion = (key: string, from = 3, to = from): Suggestions.Suggestion => ({
  path: 'src/order.ts',
  from,
  to,
  body: `guard ${key}`,
  key,
});

const write = (
  suggestions: readonly Suggestions.Suggestion[],
  { run = 7, attempt = 1 } = {},
): Promise<number> =>
  api.writeSuggestions(
    {
      name: { owner: 'acme', name: 'orders' },
      token: github.token,
      signal: new AbortController().signal,
    },
    number,
    { key: 'a1', run: { id: run, attempt }, commit: 'c'.repeat(40), suggestions },
  );

const bodies = (): string[] =>
  github.reviewComments(number).map(({ body }) => body.replace(/^<!--.*-->\n/u, ''));

describe('suggestions', () => {
  test('stand at their lines', async () => {
    expect(await write([suggestion('k1', 3, 5)])).toBe(0);
    expect(github.reviewComments(number)).toMatchObject([
      { path: 'src/order.ts', start_line: 3, line: 5, author: 'github-actions[bot]' },
    ]);
  });

  test('are not written twice, by another run either', async () => {
    await write([suggestion('k1')]);
    const [{ id } = { id: 0 }] = github.reviewComments(number);
    await write([suggestion('k1')], { run: 8 });
    expect(github.reviewComments(number).map((one) => one.id)).toEqual([id]);
  });

  test('are removed when nothing is suggested any more, and kept where somebody answered', async () => {
    await write([suggestion('k1'), suggestion('k2', 9)]);
    const [{ id } = { id: 0 }] = github.reviewComments(number);
    const answer = { path: 'src/order.ts', line: 3, author: 'octocat', body: 'Why?' };
    github.review({ ...answer, in_reply_to_id: id }, number);
    await write([], { run: 8 });
    expect(bodies()).toEqual(['guard k1', 'Why?']);
  });

  test('that are outdated are written anew', async () => {
    await write([suggestion('k1')]);
    const [first] = github.reviewComments(number);
    const { line: _line, ...outdated } = first ?? { id: 0, path: '', author: '', body: '' };
    github.reviewComments(number)[0] = outdated;
    await write([suggestion('k1')], { run: 8 });
    expect(github.reviewComments(number)).toMatchObject([{ line: 3 }]);
  });

  test('of a newer run stay', async () => {
    await write([suggestion('k1')], { run: 9 });
    await write([suggestion('k2')], { run: 8 });
    expect(bodies()).toEqual(['guard k1']);
  });

  test('of another person with the same mark are left alone', async () => {
    await write([suggestion('k1')]);
    const [{ body } = { body: '' }] = github.reviewComments(number);
    const forged = { path: 'a.ts', line: 1, author: 'mallory', body: body.replace('7.1', '99.1') };
    github.review(forged, number);
    await write([], { run: 8 });
    expect(github.reviewComments(number).map(({ author }) => author)).toEqual(['mallory']);
  });

  test('outside of the diff are counted, and the others are written', async () => {
    github.isShown = (_path, line) => line < 5;
    expect(await write([suggestion('k1', 9), suggestion('k2', 3)])).toBe(1);
    expect(bodies()).toEqual(['guard k2']);
  });

  test('are there once where GitHub answers late', async () => {
    const end = github.fail({ kind: 'hang-up' }, { method: 'POST', times: 1 });
    await write([suggestion('k1')]);
    end();
    expect(bodies()).toEqual(['guard k1']);
  });

  test('that GitHub does not let us write are an error with the permission', async () => {
    const end = github.fail({ kind: 'status', status: 403 }, { method: 'POST' });
    await expect(write([suggestion('k1')])).rejects.toThrow('pull-requests: write');
    end();
  });
});
