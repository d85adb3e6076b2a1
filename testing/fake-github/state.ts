import { pullRequestEvent, type PullRequestEventDetails, type TriggerEvent } from '../event.js';
import { pullRequest, type PullRequest } from '../pull-request.js';
import {
  labeledObject,
  renamedObject,
  type Comment,
  type ComparedCommit,
  type ReviewComment,
} from './objects.js';

/** A pull request with what is said of it and what happened to it. */
export interface Thread {
  pr: PullRequest;
  readonly comments: Comment[];
  readonly reviewComments: ReviewComment[];
  /** As GitHub's interface answers it. */
  readonly timeline: object[];
}

/**
 * What the fake GitHub holds, as a test sets and reads it. Wherever a pull request's number can be
 * left out, the first one is meant.
 */
export class GitHubState {
  private readonly threads: Thread[] = [];
  /** Branches by their full name. */
  protected readonly refs = new Map<string, string>();
  protected readonly commits = new Map<string, ComparedCommit>();
  private lastId = 1_000;

  addPullRequest(given: Partial<PullRequest> = {}): PullRequest {
    const pr = pullRequest(given);
    this.threads.push({ pr, comments: [], reviewComments: [], timeline: [] });
    return pr;
  }

  /** Forgets everything. */
  clear(): void {
    this.threads.length = 0;
    this.refs.clear();
    this.commits.clear();
  }

  pullRequest(number?: number): PullRequest {
    return this.thread(number).pr;
  }

  comments(number?: number): readonly Comment[] {
    return this.thread(number).comments;
  }

  reviewComments(number?: number): ReviewComment[] {
    return this.thread(number).reviewComments;
  }

  review(given: Omit<ReviewComment, 'id'>, number?: number): ReviewComment {
    const comment = { ...given, id: this.nextId() };
    this.thread(number).reviewComments.push(comment);
    return comment;
  }

  /** Changes anything but what a pull request is found by, and its title: see `rename`. */
  update(
    change: Partial<Omit<PullRequest, 'repository' | 'number' | 'title'>>,
    number?: number,
  ): void {
    const thread = this.thread(number);
    thread.pr = { ...thread.pr, ...change };
  }

  /** Changes a title, which leaves its trace in the timeline. */
  rename(title: string, number?: number): void {
    const thread = this.thread(number);
    const { author, title: from } = thread.pr;
    thread.timeline.push(renamedObject({ id: this.nextId(), actor: author, from, to: title }));
    thread.pr = { ...thread.pr, title };
  }

  label(label: string, number?: number): void {
    const thread = this.thread(number);
    thread.timeline.push(labeledObject(this.nextId(), thread.pr.author, label));
    thread.pr = { ...thread.pr, labels: [...thread.pr.labels, label] };
  }

  /** A branch as it is now, `refs/heads/main`. */
  setRef(ref: string, sha: string): void {
    this.refs.set(ref, sha);
  }

  removeRef(ref: string): void {
    this.refs.delete(ref);
  }

  addCommit(sha: string, parents: readonly string[], message = 'A change'): void {
    this.commits.set(sha, { sha, parents, message });
  }

  comment(author: string, body: string, number?: number): Comment {
    const comment = { id: this.nextId(), author, body };
    this.thread(number).comments.push(comment);
    return comment;
  }

  /** The event of a pull request as it is now. What happens later is not in that event. */
  event(details?: PullRequestEventDetails, number?: number): TriggerEvent {
    return pullRequestEvent(this.pullRequest(number), details);
  }

  /** What `git log BASE..HEAD` lists, the oldest first; `undefined` for a branch that is not there. */
  protected commitsBetween(branch: string, headSha: string): ComparedCommit[] | undefined {
    const base = this.refs.get(`refs/heads/${branch}`);
    if (base === undefined) return undefined;
    const inBase = this.reachableFrom(base);
    return [...this.reachableFrom(headSha)]
      .filter((sha) => !inBase.has(sha))
      .flatMap((sha) => this.commits.get(sha) ?? [])
      .reverse();
  }

  private reachableFrom(start: string): Set<string> {
    const seen = new Set<string>();
    const next = [start];
    for (let sha = next.pop(); sha !== undefined; sha = next.pop()) {
      if (seen.has(sha)) continue;
      seen.add(sha);
      next.push(...(this.commits.get(sha)?.parents ?? []));
    }
    return seen;
  }

  /** @returns `undefined` when there is no such pull request. */
  protected findThread(repository: string, number: number): Thread | undefined {
    return this.threads.find(({ pr }) => pr.repository === repository && pr.number === number);
  }

  protected findThreadOfComment(repository: string, id: number): Thread | undefined {
    return this.threads.find(
      ({ pr, comments, reviewComments }) =>
        pr.repository === repository &&
        [...comments, ...reviewComments].some((comment) => comment.id === id),
    );
  }

  private thread(number: number | undefined): Thread {
    const found =
      number === undefined ? this.threads[0] : this.threads.find(({ pr }) => pr.number === number);
    if (found === undefined) throw new Error(`The fake GitHub has no pull request ${number ?? ''}`);
    return found;
  }

  private nextId(): number {
    return ++this.lastId;
  }
}
