import { describe, expect, test } from '@jest/globals';
import { attributeCommits, queueEntry, type GroupCommit } from '../../src/github/group-commits.js';

/** Made-up commit names that look like some. */
const sha = (name: string): string => Buffer.from(name).toString('hex').padEnd(40, '0');

const commit = (name: string, parents: readonly string[], message = 'A change'): GroupCommit => ({
  sha: sha(name),
  parents: parents.map(sha),
  message,
});

const entry = (number: number, head: string, base: string) => ({
  number,
  headSha: sha(head),
  baseSha: sha(base),
});

/** `name: entry, named` of each commit from the head down. */
const attributed = (...given: Parameters<typeof attributeCommits>): string[] =>
  attributeCommits(...given).map(
    ({ commit: one, entry: number, named }) =>
      `${one.message}: ${number ?? 'nobody'}, ${named ?? 'unnamed'}`,
  );

describe('the commits of a merge group', () => {
  test('of one pull request are its own, however many', () => {
    const commits = [commit('a', ['base'], 'one'), commit('b', ['a'], 'two')];
    expect(attributed(commits, entry(7, 'b', 'base'), [])).toEqual([
      'two: 7, unnamed',
      'one: 7, unnamed',
    ]);
  });

  test('before it in the queue are those of the entries that the refs name', () => {
    const commits = [
      commit('a', ['base'], 'one'),
      commit('b', ['a'], 'two'),
      commit('c', ['b'], 'three'),
    ];
    const queue = [
      entry(5, 'a', 'base'),
      entry(6, 'b', 'a'),
      entry(7, 'c', 'b'),
      entry(8, 'd', 'c'),
    ];
    expect(attributed(commits, entry(7, 'c', 'b'), queue)).toEqual([
      'three: 7, unnamed',
      'two: 6, unnamed',
      'one: 5, unnamed',
    ]);
  });

  test('before it whose ref is gone are nobody’s, except by their subject', () => {
    const commits = [
      commit('a', ['base'], 'one'),
      commit('b', ['a'], 'Wait a second (#6)'),
      commit('c', ['b'], 'three'),
    ];
    expect(attributed(commits, entry(7, 'c', 'b'), [])).toEqual([
      'three: 7, unnamed',
      'Wait a second (#6): nobody, 6',
      'one: nobody, unnamed',
    ]);
  });

  test('behind a merge are not looked at: their author chose their subjects', () => {
    const commits = [
      commit('own', ['old'], 'Fix (#1)'),
      commit('a', ['base', 'own'], 'Merge pull request #7 from acme/wait'),
    ];
    expect(attributed(commits, entry(7, 'a', 'base'), [])).toEqual([
      'Merge pull request #7 from acme/wait: 7, 7',
    ]);
  });

  test('are none when the base branch has them all, and a loop ends', () => {
    expect(attributed([], entry(7, 'a', 'base'), [])).toEqual([]);
    const loop = [commit('a', ['b'], 'one'), commit('b', ['a'], 'two')];
    expect(attributed(loop, entry(7, 'a', 'x'), [])).toHaveLength(2);
  });

  test.each([
    ['Wait (#12)\n\nSee (#9)', 12],
    ['Merge pull request #12 from acme/wait\n\nWait', 12],
    ['Wait (#12) a second', undefined],
    ['Wait\n\n(#12)', undefined],
    ['See Merge pull request #12 from acme/wait', undefined],
    ['Wait (#1234567890123)', undefined],
  ])('with the message %j name %j', (message, named) => {
    const [only] = attributeCommits([commit('a', ['base'], message)], entry(7, 'a', 'base'), []);
    expect(only?.named).toBe(named);
  });
});

describe("a queue's ref", () => {
  const base = sha('base');

  test.each([
    [`refs/heads/gh-readonly-queue/main/pr-7-${base}`, 'main'],
    [`gh-readonly-queue/main/pr-7-${base}`, 'main'],
    [`refs/heads/gh-readonly-queue/release/pr-1-x/pr-7-${base}`, 'release/pr-1-x'],
  ])('%s is an entry for %s', (ref, branch) => {
    const expected = ref.startsWith('refs/') ? entry(7, 'head', 'base') : undefined;
    expect(queueEntry(ref, sha('head'), branch)).toEqual(expected);
  });

  test.each([
    [`refs/heads/gh-readonly-queue/release/main/pr-7-${base}`, 'main'],
    [`refs/heads/gh-readonly-queue/main/x/pr-7-${base}`, 'main'],
    ['refs/heads/gh-readonly-queue/main/pr-7', 'main'],
    ['refs/heads/main', 'main'],
    [`refs/tags/gh-readonly-queue/main/pr-7-${base}`, 'main'],
  ])('%s is none for %s', (ref, branch) => {
    expect(queueEntry(ref, sha('head'), branch)).toBeUndefined();
  });
});
