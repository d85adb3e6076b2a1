import { getOctokit } from '@actions/github';
import { abortedAfter } from '../pipeline/aborted-after.js';
import { ask, statusOf } from './ask.js';
import type { RunNumber } from './comment.js';
import type { GitHubRepository } from './pull-request.js';

/** All that is done for suggestions ends after so long: no verdict waits for it. */
const PATIENCE_MS = 60_000;

/** The most that GitHub puts on a page. */
const PAGE = 100;

const MAX_PAGES = 30;

/** A change of lines that a reviewer can apply. */
export interface Suggestion {
  readonly path: string;
  /** Of the head; counted from 1. */
  readonly from: number;
  readonly to: number;
  readonly body: string;
  /** Letters and digits: equal for what suggests the same. */
  readonly key: string;
}

export interface OwnSuggestions {
  /** What they are about, beside the pull request: letters and digits. */
  readonly key: string;
  readonly run: RunNumber;
  readonly commit: string;
  readonly suggestions: readonly Suggestion[];
}

interface Found {
  readonly id: number;
  readonly of: string;
  readonly run: RunNumber;
  readonly isAnswered: boolean;
  readonly isOutdated: boolean;
}

const MARK =
  /^<!-- temporal-replay-action suggestion (?<key>[a-z0-9]+) (?<of>[a-z0-9]+) run (?<id>\d{1,15})\.(?<attempt>\d{1,9}) -->/u;

/**
 * Writes a run's suggestions at the lines of a pull request. What is there already is not written again; what is not
 * suggested any more is removed, unless somebody has answered it. What a newer run has written stays.
 *
 * @returns how many lie outside of what the pull request shows, where GitHub takes none
 * @throws UserError where GitHub does not let it
 */
export async function writeSuggestions(
  given: GitHubRepository,
  number: number,
  { key, run, commit, suggestions }: OwnSuggestions,
): Promise<number> {
  const repository = { ...given, signal: abortedAfter(PATIENCE_MS, given.signal) };
  const octokit = getOctokit(repository.token);
  const place = { owner: repository.name.owner, repo: repository.name.name };
  const asked = <Answer>(
    request: (options: { readonly signal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer> =>
    ask(
      {
        what: `The suggestions at pull request ${number}`,
        permission: 'pull-requests: write',
        signal: repository.signal,
        does: 'written',
      },
      (signal) => request({ signal }),
    );

  const find = async (): Promise<Found[]> => {
    const found: (Found & { readonly author: string; readonly isBot: boolean })[] = [];
    const answered = new Set<number>();
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { data } = await asked((request) =>
        octokit.rest.pulls.listReviewComments({
          ...place,
          pull_number: number,
          per_page: PAGE,
          page,
          request,
        }),
      );
      for (const { id, body, user, in_reply_to_id, line } of data) {
        if (in_reply_to_id !== undefined) answered.add(in_reply_to_id);
        const mark = MARK.exec(body)?.groups;
        if (mark?.['key'] !== key) continue;
        found.push({
          id,
          of: mark['of'] ?? '',
          run: { id: Number(mark['id']), attempt: Number(mark['attempt']) },
          isAnswered: false,
          // GitHub answers null there, which its description does not have.
          isOutdated: typeof line !== 'number',
          author: user.login,
          isBot: user.type === 'Bot',
        });
      }
      if (data.length < PAGE) break;
    }
    // Anybody can write the mark. No person can write as a bot.
    const own = found.every(({ isBot }) => isBot) ? undefined : await login();
    return found
      .filter(({ isBot, author }) => isBot || author === own)
      .map((one) => ({ ...one, isAnswered: answered.has(one.id) }))
      .sort((a, b) => a.id - b.id);
  };

  const login = async (): Promise<string | undefined> => {
    try {
      const { data } = await octokit.rest.users.getAuthenticated({
        request: { signal: repository.signal },
      });
      return data.login;
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      return undefined;
    }
  };

  const remove = async ({ id }: Found): Promise<void> => {
    try {
      await asked((request) =>
        octokit.rest.pulls.deleteReviewComment({ ...place, comment_id: id, request }),
      );
    } catch (error) {
      // Another run, or a person, has removed it too.
      if (statusOf(causeOf(error)) !== 404) throw error;
    }
  };

  /** @returns false where GitHub takes none at these lines */
  const write = async (one: Suggestion): Promise<boolean> => {
    let isTried = false;
    try {
      await asked(async (request) => {
        // What GitHub answers with an error may be there all the same, and would be there twice.
        if (isTried && (await find()).some(({ of }) => of === one.key)) return;
        isTried = true;
        await octokit.rest.pulls.createReviewComment({
          ...place,
          pull_number: number,
          commit_id: commit,
          path: one.path,
          side: 'RIGHT',
          line: one.to,
          ...(one.from === one.to ? {} : { start_line: one.from, start_side: 'RIGHT' as const }),
          body: `<!-- temporal-replay-action suggestion ${key} ${one.key} run ${run.id}.${run.attempt} -->\n${one.body}`,
          request,
        });
      });
      return true;
    } catch (error) {
      if (statusOf(causeOf(error)) === 422) return false;
      throw error;
    }
  };

  const there = await find();
  const isNewer = ({ run: other }: Found): boolean =>
    other.id > run.id || (other.id === run.id && other.attempt > run.attempt);
  if (there.some(isNewer)) return 0;
  const wanted = new Map(suggestions.map((one) => [one.key, one]));
  const standing = new Set<string>();
  for (const one of there) {
    const isFirst = wanted.has(one.of) && !one.isOutdated && !standing.has(one.of);
    if (isFirst) standing.add(one.of);
    else if (!one.isAnswered) await remove(one);
  }
  let outside = 0;
  for (const one of wanted.values()) {
    if (!standing.has(one.key) && !(await write(one))) outside += 1;
  }
  // Another run may have written the same meanwhile: the first one stays.
  if (wanted.size > standing.size) {
    const seen = new Set<string>();
    for (const one of await find()) {
      if (seen.has(one.of) && !one.isAnswered) await remove(one);
      seen.add(one.of);
    }
  }
  return outside;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
