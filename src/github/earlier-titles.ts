import { getOctokit } from '@actions/github';
import type { EarlierTitles } from '../model/subject.js';
import { answerWords, isRefusal } from './ask.js';
import type { PullRequestTrigger } from './context.js';
import type { GitHubRepository } from './pull-request.js';
import { abortedAfter } from '../pipeline/aborted-after.js';

/** Earlier titles only add a warning, so they must not slow down a run without a claim. */
const PATIENCE_MS = 10_000;

/** The most that GitHub puts on a page. */
const PAGE = 100;

const MAX_PAGES = 10;

/** The earlier titles of a pull request, from the event and from GitHub's record of renames. */
export async function readEarlierTitles(
  repository: GitHubRepository,
  { number, previousTitle }: PullRequestTrigger,
): Promise<EarlierTitles> {
  // The record is complete; the event helps where the record cannot be read.
  const fromEvent = previousTitle === undefined ? [] : [previousTitle];
  try {
    const { titles, isComplete } = await readRenamings(repository, number);
    return {
      titles: [...titles, ...fromEvent],
      ...(isComplete
        ? {}
        : {
            problem: `Only the first ${PAGE * MAX_PAGES} events of pull request ${number} were searched for earlier titles.`,
          }),
    };
  } catch (error) {
    return { titles: fromEvent, problem: problemOf(error, number) };
  }
}

async function readRenamings(
  { name, token, signal }: GitHubRepository,
  number: number,
): Promise<{ titles: string[]; isComplete: boolean }> {
  const octokit = getOctokit(token);
  const patience = abortedAfter(PATIENCE_MS, signal);
  const titles: string[] = [];
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { data } = await octokit.rest.issues.listEvents({
      owner: name.owner,
      repo: name.name,
      issue_number: number,
      per_page: PAGE,
      page,
      request: { signal: patience },
    });
    // GitHub tells the oldest first.
    for (const event of data) if ('rename' in event) titles.unshift(event.rename.from);
    if (data.length < PAGE) return { titles, isComplete: true };
  }
  return { titles, isComplete: false };
}

function problemOf(error: unknown, number: number): string {
  const what = `It is not known whether an earlier title of pull request ${number} made a claim`;
  return isRefusal(error)
    ? `${what} (${answerWords(error)}). To look it up, give the job "permissions: pull-requests: read".`
    : `${what}: GitHub did not answer within ${PATIENCE_MS / 1000} s (${answerWords(error)}).`;
}
