import { getOctokit } from '@actions/github';
import { setTimeout as sleep } from 'node:timers/promises';
import { abortedAfter } from '../pipeline/aborted-after.js';
import { ask, statusOf } from './ask.js';
import type { GitHubRepository } from './pull-request.js';

/** All that is done for a comment ends after so long: no verdict waits for it. */
const PATIENCE_MS = 60_000;

/** How long another run may take between its look and its edit. */
const LOOK_AGAIN_MS = 1_000;

/** How often what another run has overwritten is written again. */
const TIMES = 3;

/** The most that GitHub puts on a page. */
const PAGE = 100;

const MAX_PAGES = 30;

/** A run, and which try of it. Runs have rising numbers. */
export interface RunNumber {
  readonly id: number;
  readonly attempt: number;
}

export interface OwnComment {
  /** What the comment is about, beside the pull request: letters and digits. */
  readonly key: string;
  readonly run: RunNumber;
  readonly body: string;
  /** Whether there is to be one where there was none. */
  readonly isToBegin: boolean;
}

interface Found {
  readonly id: number;
  readonly run: RunNumber;
}

/**
 * Writes a run's comment: one for each pull request and key, edited in place. It is found by its mark and its author.
 * What a newer run has written stays. Where two runs begin one at the same time, the newer one is left.
 *
 * @throws UserError where GitHub does not let it
 */
export async function writeComment(
  repository: GitHubRepository,
  number: number,
  comment: OwnComment,
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<void> {
  const thread = new CommentThread(
    { ...repository, signal: abortedAfter(PATIENCE_MS, repository.signal) },
    number,
    comment,
  );
  for (let time = 1; time <= TIMES; time += 1) {
    if (await thread.write()) return;
    // A run that looked before this one wrote may write after it.
    await sleep(lookAgainMs, undefined, { signal: repository.signal });
  }
}

class CommentThread {
  private readonly octokit: ReturnType<typeof getOctokit>;
  private readonly repository: GitHubRepository;
  private readonly number: number;
  private readonly comment: OwnComment;

  constructor(repository: GitHubRepository, number: number, comment: OwnComment) {
    this.octokit = getOctokit(repository.token);
    this.repository = repository;
    this.number = number;
    this.comment = comment;
  }

  /** @returns whether the comment says what the newest run of which it is known has found */
  async write(): Promise<boolean> {
    const { run, isToBegin } = this.comment;
    const found = await this.find();
    const [newest, ...others] = found;
    for (const { id } of others) await this.remove(id);
    if (newest !== undefined) {
      if (isNewer(newest.run, run)) return true;
      if (newest.run.id === run.id && newest.run.attempt === run.attempt) return true;
      if (await this.edit(newest.id)) return false;
    }
    if (!isToBegin) return true;
    await this.begin();
    return false;
  }

  /** The comments of this key, the newest run's first. */
  private async find(): Promise<Found[]> {
    const { key } = this.comment;
    const found: (Found & { readonly author: string; readonly isBot: boolean })[] = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { data } = await this.ask((request) =>
        this.octokit.rest.issues.listComments({
          ...this.place(),
          issue_number: this.number,
          per_page: PAGE,
          page,
          request,
        }),
      );
      for (const { id, body = '', user } of data) {
        const mark = MARK.exec(body)?.groups;
        if (mark?.['key'] !== key || user === null) continue;
        const run = { id: Number(mark['id']), attempt: Number(mark['attempt']) };
        found.push({ id, run, author: user.login, isBot: user.type === 'Bot' });
      }
      if (data.length < PAGE) break;
    }
    // Anybody can write the mark. No person can write as a bot.
    const own = found.every(({ isBot }) => isBot) ? undefined : await this.login();
    return found
      .filter(({ isBot, author }) => isBot || author === own)
      .sort((a, b) => (isNewer(a.run, b.run) ? -1 : isNewer(b.run, a.run) ? 1 : a.id - b.id));
  }

  /** The account that the token is of; undefined for a token that is nobody's. */
  private async login(): Promise<string | undefined> {
    try {
      const { data } = await this.octokit.rest.users.getAuthenticated({
        request: { signal: this.repository.signal },
      });
      return data.login;
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      return undefined;
    }
  }

  /** @returns false where somebody has deleted it meanwhile */
  private async edit(id: number): Promise<boolean> {
    try {
      await this.ask((request) =>
        this.octokit.rest.issues.updateComment({
          ...this.place(),
          comment_id: id,
          body: this.text(),
          request,
        }),
      );
      return true;
    } catch (error) {
      if (statusOf(causeOf(error)) === 404) return false;
      throw error;
    }
  }

  /** Not asked twice blindly: what GitHub answers with an error may be there all the same, and would be there twice. */
  private async begin(): Promise<void> {
    let isTried = false;
    await this.ask(async (request) => {
      if (isTried && (await this.find()).length > 0) return;
      isTried = true;
      await this.octokit.rest.issues.createComment({
        ...this.place(),
        issue_number: this.number,
        body: this.text(),
        request,
      });
    });
  }

  private async remove(id: number): Promise<void> {
    try {
      await this.ask((request) =>
        this.octokit.rest.issues.deleteComment({ ...this.place(), comment_id: id, request }),
      );
    } catch (error) {
      // The other run has removed it too.
      if (statusOf(causeOf(error)) !== 404) throw error;
    }
  }

  private ask<Answer>(
    request: (options: { readonly signal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer> {
    const { signal } = this.repository;
    const what = `The comment at pull request ${this.number}`;
    return ask(
      { what, permission: 'pull-requests: write', signal, does: 'written' },
      (requestSignal) => request({ signal: requestSignal }),
    );
  }

  private place(): { readonly owner: string; readonly repo: string } {
    const { owner, name } = this.repository.name;
    return { owner, repo: name };
  }

  private text(): string {
    const { key, run, body } = this.comment;
    return `<!-- temporal-replay-action ${key} run ${run.id}.${run.attempt} -->\n${body}`;
  }
}

const MARK =
  /^<!-- temporal-replay-action (?<key>[a-z0-9]+) run (?<id>\d{1,15})\.(?<attempt>\d{1,9}) -->/u;

function isNewer(one: RunNumber, other: RunNumber): boolean {
  return one.id > other.id || (one.id === other.id && one.attempt > other.attempt);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
