import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as Comments from '../../src/github/comment.js';
import { FakeGitHub } from '../../testing/fake-github.js';

const github = new FakeGitHub();
let comments: typeof Comments;
let number = 0;

beforeAll(async () => {
  await github.start();
  process.env['GITHUB_API_URL'] = github.url;
  // The client reads the variable once, when it is loaded.
  comments = await import('../../src/github/comment.js');
});
afterAll(async () => {
  delete process.env['GITHUB_API_URL'];
  await github.stop();
});
beforeEach(() => {
  number += 1;
  github.addPullRequest({ number });
  github.requests.length = 0;
  github.account = undefined;
});
afterEach(() => expect(github.violations).toEqual([]));

interface Given {
  readonly key?: string;
  readonly run?: number;
  readonly attempt?: number;
  readonly isToBegin?: boolean;
  readonly signal?: AbortSignal;
  readonly lookAgainMs?: number;
}

const write = (body: string, given: Given = {}): Promise<void> => {
  const { key = 'a1', run = 7, attempt = 1, isToBegin = true, lookAgainMs = 30 } = given;
  return comments.writeComment(
    {
      name: { owner: 'acme', name: 'orders' },
      token: github.token,
      signal: given.signal ?? new AbortController().signal,
    },
    number,
    { key, run: { id: run, attempt }, body, isToBegin },
    lookAgainMs,
  );
};

const bodies = (): string[] =>
  github.comments(number).map(({ body }) => body.replace(/^<!--.*-->\n/u, ''));

describe('the comment', () => {
  test('begins where there is none, and is edited in place', async () => {
    await write('red', { run: 7 });
    const [{ id } = { id: 0 }] = github.comments(number);
    await write('green', { run: 8, isToBegin: false });
    expect(bodies()).toEqual(['green']);
    expect(github.comments(number)[0]?.id).toBe(id);
  });

  test('does not begin where it is not to', async () => {
    await write('green', { isToBegin: false });
    expect(bodies()).toEqual([]);
  });

  test('is one for each check', async () => {
    await Promise.all([write('one', { key: 'a1' }), write('two', { key: 'b2' })]);
    expect(bodies().sort()).toEqual(['one', 'two']);
  });

  test('is found behind a hundred others', async () => {
    for (let index = 0; index < 120; index += 1) github.comment('octocat', `${index}`, number);
    await write('red');
    await write('green', { run: 8 });
    expect(bodies().filter((body) => body === 'red' || body === 'green')).toEqual(['green']);
  });

  test('of another person with the same mark is left alone', async () => {
    await write('red');
    const [{ body } = { body: '' }] = github.comments(number);
    github.comment('mallory', body.replace('run 7', 'run 99'), number);
    await write('green', { run: 8 });
    expect(bodies()).toEqual(['green', 'red']);
  });

  test("of a person's own token is found by its account", async () => {
    github.account = 'octocat';
    await write('red');
    await write('green', { run: 8 });
    expect(bodies()).toEqual(['green']);
  });
});

describe('two runs at once', () => {
  test('begin one comment, and the newer one is left', async () => {
    await Promise.all([write('older', { run: 7 }), write('newer', { run: 8 })]);
    expect(bodies()).toEqual(['newer']);
  });

  test('edit one comment, and the newer one is left', async () => {
    await write('red', { run: 6 });
    await Promise.all([write('newer', { run: 8 }), write('older', { run: 7 })]);
    expect(bodies()).toEqual(['newer']);
  });

  test('the newer one writes again what the older one has overwritten', async () => {
    await write('red', { run: 6 });
    // The older run has looked before, and writes late.
    github.fail({ kind: 'slow', milliseconds: 200 }, { method: 'PATCH', times: 1 });
    const older = write('older', { run: 7 });
    while (!github.requests.some(({ method }) => method === 'GET')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([older, write('newer', { run: 8, lookAgainMs: 400 })]);
    expect(bodies()).toEqual(['newer']);
  });

  test('an older run leaves what a newer one has written, and so does an older try', async () => {
    await write('newer', { run: 8, attempt: 2 });
    await write('older', { run: 7 });
    await write('first try', { run: 8, attempt: 1 });
    expect(bodies()).toEqual(['newer']);
  });
});

describe('what can go wrong', () => {
  test('a comment that is deleted while it is edited begins again', async () => {
    await write('red');
    github.fail({ kind: 'status', status: 404 }, { method: 'PATCH', times: 1 });
    const written = write('green', { run: 8 });
    await written;
    // Here it was there after all: of the two the newer one is left.
    expect(bodies()).toEqual(['green']);
  });

  test('a comment that is deleted meanwhile does not begin again where it is not to', async () => {
    await write('red');
    github.fail({ kind: 'status', status: 404 }, { method: 'PATCH', times: 1 });
    await write('green', { run: 8, isToBegin: false });
    expect(github.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('an error that comes after GitHub has written it makes no second one', async () => {
    github.fail({ kind: 'truncated', keep: 0.1 }, { method: 'POST', times: 1 });
    await write('red');
    expect(bodies()).toEqual(['red']);
  });

  test('an error of GitHub passes', async () => {
    github.fail({ kind: 'status', status: 502 }, { method: 'POST', times: 1 });
    await write('red');
    expect(bodies()).toEqual(['red']);
  });

  test('a token without rights is told, with the permission that it needs', async () => {
    const end = github.fail({ kind: 'status', status: 403 }, { method: 'POST' });
    await expect(write('red')).rejects.toThrow(
      /cannot be written \(403.*give the job "permissions: pull-requests: write"/u,
    );
    end();
    expect(bodies()).toEqual([]);
  });

  test('a rate limit is told, and not waited for', async () => {
    const end = github.fail({ kind: 'rate-limited' });
    const began = Date.now();
    await expect(write('red')).rejects.toThrow(/rate limit/u);
    expect(Date.now() - began).toBeLessThan(10_000);
    end();
  });

  test('a cancelled job waits for nothing', async () => {
    const end = github.fail({ kind: 'silent' });
    const began = Date.now();
    await expect(write('red', { signal: AbortSignal.timeout(200) })).rejects.toThrow();
    expect(Date.now() - began).toBeLessThan(5_000);
    end();
  });
});

test('GitHub describes the account of a token as the fake answers it', async () => {
  github.account = 'octocat';
  github.comment('mallory', '<!-- temporal-replay-action a1 run 1.1 -->\nforged', number);
  await write('red');
  expect(bodies()).toEqual(['forged', 'red']);
});
