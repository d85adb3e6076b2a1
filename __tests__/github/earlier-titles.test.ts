import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type * as Earlier from '../../src/github/earlier-titles.js';
import { FakeGitHub } from '../../testing/fake-github.js';
import { aPullRequestTrigger } from '../builders/github-context.js';

const github = new FakeGitHub();
let earlier: typeof Earlier;
let number = 0;

beforeAll(async () => {
  await github.start();
  process.env['GITHUB_API_URL'] = github.url;
  // The client reads the variable once, when it is loaded.
  earlier = await import('../../src/github/earlier-titles.js');
});
afterAll(async () => {
  delete process.env['GITHUB_API_URL'];
  await github.stop();
});
beforeEach(() => {
  number += 1;
  github.addPullRequest({ number, title: 'First' });
  github.requests.length = 0;
});
afterEach(() => expect(github.violations).toEqual([]));

const read = (previousTitle?: string, signal = new AbortController().signal) =>
  earlier.readEarlierTitles(
    { name: { owner: 'acme', name: 'orders' }, token: github.token, signal },
    aPullRequestTrigger({ number, previousTitle }),
  );

test('a pull request that was never renamed has none, which costs one request', async () => {
  github.label('workflows', number);
  expect(await read()).toEqual({ titles: [] });
  expect(github.requests).toHaveLength(1);
});

test('the newest comes first, over all pages', async () => {
  github.rename('Second', number);
  for (let index = 0; index < 120; index += 1) github.label(`label-${index}`, number);
  github.rename('Third', number);
  expect(await read()).toEqual({ titles: ['Second', 'First'] });
});

test('a record that is too long is read in part, and that is said', async () => {
  github.rename('Second', number);
  for (let index = 0; index < 1000; index += 1) github.label(`label-${index}`, number);
  const { titles, problem } = await read();
  expect(titles).toEqual(['First']);
  expect(problem).toMatch(/first 1000 events/u);
});

test.each([403, 404])(
  'a refusal (%i) names the permission; the event still tells',
  async (status) => {
    const end = github.fail({ kind: 'status', status });
    const { titles, problem } = await read('[compatible-v1.0] Wait');
    end();
    expect(titles).toEqual(['[compatible-v1.0] Wait']);
    expect(problem).toContain('pull-requests: read');
    expect(github.requests).toHaveLength(1);
  },
);

test('a slow GitHub is waited for a few seconds only', async () => {
  const end = github.fail({ kind: 'slow', milliseconds: 20_000 });
  const began = performance.now();
  const { titles, problem } = await read();
  end();
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(titles).toEqual([]);
  expect(problem).toMatch(/did not answer within 10 s/u);
});
