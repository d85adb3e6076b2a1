import { getOctokit } from '@actions/github';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { ask, statusOf } from './ask.js';
import type { MergeGroupTrigger } from './context.js';
import {
  attributeCommits,
  queueEntry,
  queuePrefix,
  type GroupCommit,
  type QueueEntry,
} from './group-commits.js';
import { readPullRequest, type GitHubRepository, type PullRequest } from './pull-request.js';

/** The most that GitHub puts on a page of a comparison. */
const PAGE = 100;

/** A queue merges at most a hundred pull requests at once; more commits than this are not read. */
const MAX_COMMITS = 2_000;

const MAX_NAMED_COMMITS = 5;

/**
 * The pull requests that a merge group would merge: its own, and those before it in the queue that are
 * not in the base branch yet. A queue can merge them all when only the last one's checks are green, so
 * the claims of all must hold for its head.
 *
 * The event names one of them. The queue's own refs tell the others, as long as they wait. Where such a
 * ref is gone, the subject that GitHub gives to a merge tells.
 *
 * @throws UserError where a title cannot be read, or a commit belongs to no known pull request
 */
export async function readMergeGroup(
  repository: GitHubRepository,
  group: MergeGroupTrigger,
): Promise<PullRequest[]> {
  const baseBranch = group.baseRef.replace(/^refs\/heads\//u, '');
  const named = queueEntry(group.headRef, group.headSha, baseBranch);
  if (named === undefined) {
    throw new UserError({
      found: `The merge group's ref "${readable(group.headRef)}" names no pull request`,
      expected: 'gh-readonly-queue/BASE/pr-NUMBER-SHA',
      fix: 'give the input title or build-id',
    });
  }
  const own = { ...named, baseSha: group.baseSha };
  const [queue, commits] = await Promise.all([
    readQueue(repository, baseBranch),
    readCommits(repository, baseBranch, group.headSha),
  ]);
  const chain = attributeCommits(commits, own, queue);

  const members = new Map<number, PullRequest>();
  const entries = new Set([own.number, ...chain.flatMap(({ entry }) => entry ?? [])]);
  for (const number of entries) members.set(number, await readPullRequest(repository, number));

  const inGroup = (pullRequest: PullRequest): boolean =>
    pullRequest.baseBranch === baseBranch &&
    (pullRequest.isOpen || chain.some(({ commit }) => commit.sha === pullRequest.mergeCommit));
  const others = new Set<number>();
  for (const { named: number } of chain) {
    if (number === undefined || members.has(number) || others.has(number)) continue;
    // Anybody can write a subject: it counts only when the pull request that it names is a possible one.
    const pullRequest = await readNamed(repository, number);
    if (pullRequest !== undefined && inGroup(pullRequest)) members.set(number, pullRequest);
    else others.add(number);
  }

  const unknown = chain.filter(
    ({ entry, named: number }) =>
      entry === undefined && (number === undefined || !members.has(number)),
  );
  if (unknown.length > 0) throw unattributed(unknown.map(({ commit }) => commit));
  return [...members.values()];
}

async function readQueue(repository: GitHubRepository, baseBranch: string): Promise<QueueEntry[]> {
  const { name, token, signal } = repository;
  const question = { what: 'The merge queue', permission: 'contents: read', signal };
  const refs = await ask(question, async (requestSignal) => {
    const { data } = await getOctokit(token).rest.git.listMatchingRefs({
      owner: name.owner,
      repo: name.name,
      ref: queuePrefix(baseBranch),
      request: { signal: requestSignal },
    });
    return data;
  });
  return refs.flatMap(({ ref, object }) => queueEntry(ref, object.sha, baseBranch) ?? []);
}

/** The commits of the group's head that the base branch does not have. */
async function readCommits(
  { name, token, signal }: GitHubRepository,
  baseBranch: string,
  headSha: string,
): Promise<GroupCommit[]> {
  const question = { what: "The merge group's commits", permission: 'contents: read', signal };
  const commits: GroupCommit[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await ask(question, (requestSignal) =>
      getOctokit(token).rest.repos.compareCommitsWithBasehead({
        owner: name.owner,
        repo: name.name,
        basehead: `${baseBranch}...${headSha}`,
        per_page: PAGE,
        page,
        request: { signal: requestSignal },
      }),
    );
    for (const { sha, parents, commit } of data.commits) {
      commits.push({ sha, parents: parents.map((parent) => parent.sha), message: commit.message });
    }
    if (commits.length >= data.total_commits) return commits;
    if (data.commits.length === 0 || data.total_commits > MAX_COMMITS) {
      throw new UserError({
        found: `Only ${commits.length} of the merge group's ${data.total_commits} commits can be read`,
        expected: `a merge group of at most ${MAX_COMMITS} commits`,
        fix: 'let the queue merge fewer pull requests at once, or give the input build-id',
      });
    }
  }
}

/** Undefined where the number belongs to no pull request: subjects also name issues. */
async function readNamed(
  repository: GitHubRepository,
  number: number,
): Promise<PullRequest | undefined> {
  try {
    return await readPullRequest(repository, number);
  } catch (error) {
    // The token may read: it has read the group's own pull request.
    if (error instanceof UserError && statusOf(error.cause) === 404) return undefined;
    throw error;
  }
}

function unattributed(commits: readonly GroupCommit[]): UserError {
  const shown = commits
    .slice(0, MAX_NAMED_COMMITS)
    .map(({ sha, message }) => {
      const subject = truncate(readable(message.split('\n', 1)[0] ?? ''), 60);
      return `${readable(sha.slice(0, 12))} "${subject}"`;
    })
    .join(', ');
  const more = commits.length - MAX_NAMED_COMMITS;
  return new UserError({
    found:
      `The merge group holds ${commits.length === 1 ? '1 commit that belongs' : `${commits.length} commits that belong`} ` +
      `to no known pull request: ${shown}${more > 0 ? `, and ${more} more` : ''}`,
    expected: 'commits of pull requests in the merge queue, whose titles say what they claim',
    fix: 'run the job again; if that does not help, give the input title or build-id for merge_group',
  });
}
