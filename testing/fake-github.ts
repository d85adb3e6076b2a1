import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  failure,
  readRequest,
  sendAnswer,
  sendPart,
  type Answer,
  type Asked,
} from './fake-github/exchange.js';
import { faultAnswer, Faults, type Fault, type FaultScope } from './fake-github/fault.js';
import {
  accountObject,
  commentObject,
  comparisonObject,
  fileObject,
  pullRequestObject,
  refObject,
  reviewCommentObject,
  type ReviewComment,
} from './fake-github/objects.js';
import { requestViolations } from './fake-github/request-violations.js';
import { GitHubState } from './fake-github/state.js';
import { matchOperation, violationsOf, type MatchedOperation } from './openapi/description.js';
import type { PullRequest } from './pull-request.js';

export type { Fault, FaultScope } from './fake-github/fault.js';

export interface ReceivedRequest extends Asked {
  /** What it was answered with; `undefined` when the connection was closed instead. */
  readonly status: number | undefined;
}

/** The account that a workflow's own token acts for. */
const BOT = 'github-actions[bot]';

/** Entries that a page holds by default, and at most. */
const PAGE = 30;
const LARGEST_PAGE = 100;

/** Starts a fake GitHub that holds the given pull requests, by default one. */
export async function startFakeGitHub(
  pullRequests: readonly Partial<PullRequest>[] = [{}],
): Promise<FakeGitHub> {
  const github = new FakeGitHub();
  for (const each of pullRequests) github.addPullRequest(each);
  await github.start();
  return github;
}

/**
 * GitHub's REST interface, as far as the action uses it, on a port of this machine.
 *
 * Requests are held to GitHub's own description, and so are the answers: the fake can agree neither
 * to a wrong request nor to a wrong expectation. A test ends with `expect(github.violations)
 * .toEqual([])`.
 */
export class FakeGitHub extends GitHubState {
  /** The only token that is let in. */
  readonly token = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
  /** The person whose token it is; undefined for a workflow's own token. */
  account: string | undefined;
  readonly requests: ReceivedRequest[] = [];
  readonly violations: string[] = [];
  private readonly faults = new Faults();
  private readonly server = createServer((request, response) => {
    this.serve(request, response).catch((error: unknown) => {
      this.violations.push(`the fake itself failed: ${String(error)}`);
      response.destroy();
    });
  });

  /** What GITHUB_API_URL is set to. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Spoils requests from now on. @returns a function that ends it. */
  fail(fault: Fault, scope: FaultScope = {}): () => void {
    return this.faults.add(fault, scope);
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', resolve);
    });
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request);
    const fault = this.faults.take(asked);
    if (fault?.kind === 'hang-up') {
      this.requests.push({ ...asked, status: undefined });
      response.destroy();
      return;
    }
    if (fault?.kind === 'silent') {
      this.requests.push({ ...asked, status: undefined });
      return;
    }
    if (fault?.kind === 'slow') await sleep(fault.milliseconds);
    const answer =
      fault === undefined || fault.kind === 'slow' || fault.kind === 'truncated'
        ? this.answer(asked)
        : faultAnswer(fault);
    this.requests.push({ ...asked, status: answer.status });
    if (fault?.kind === 'truncated') sendPart(response, answer, fault.keep);
    else sendAnswer(response, answer);
  }

  private answer(asked: Asked): Answer {
    const what = `${asked.method} ${asked.path}`;
    const matched = matchOperation(asked.method, asked.path);
    if (matched === undefined) {
      this.violations.push(`${what}: is none of the operations in testing/openapi/github.json`);
      return failure(404, 'Not Found');
    }
    const wrong = requestViolations(matched, asked);
    if (wrong.length > 0) {
      this.violations.push(...wrong.map((each) => `${what}: ${each}`));
      return { status: 422, body: { message: 'Validation Failed', errors: wrong } };
    }
    if (asked.headers.authorization?.split(' ')[1] !== this.token) {
      return failure(401, 'Bad credentials');
    }
    const answer = this.perform(matched, asked);
    this.violations.push(...drift(matched, answer).map((each) => `the fake's ${what}: ${each}`));
    return answer;
  }

  private perform(matched: MatchedOperation, asked: Asked): Answer {
    if (matched.operation.operationId === 'users/get-authenticated') {
      return this.account === undefined
        ? failure(403, 'Resource not accessible by integration')
        : { status: 200, body: accountObject(this.account) };
    }
    const { ref, basehead } = matched.pathParameters;
    if (ref !== undefined) return this.matchingRefs(decodeURIComponent(ref));
    if (basehead !== undefined) return this.compare(decodeURIComponent(basehead), asked);
    return this.performOnThread(matched, asked);
  }

  private matchingRefs(start: string): Answer {
    const body = [...this.refs]
      .filter(([name]) => name.startsWith(`refs/${start}`))
      .map(([name, sha]) => refObject(name, sha));
    return { status: 200, body };
  }

  private compare(basehead: string, { query }: Asked): Answer {
    const [base = '', head = ''] = basehead.split('...');
    const commits = this.commitsBetween(base, head);
    if (commits === undefined) return failure(404, 'Not Found');
    const { size, page } = paging(query);
    const shown = commits.slice((page - 1) * size, page * size);
    return { status: 200, body: comparisonObject(shown, commits.length) };
  }

  private performOnThread({ operation, pathParameters }: MatchedOperation, asked: Asked): Answer {
    const { owner, repo, pull_number, issue_number, comment_id } = pathParameters;
    const repository = `${owner}/${repo}`;
    const thread =
      comment_id === undefined
        ? this.findThread(repository, Number(pull_number ?? issue_number))
        : this.findThreadOfComment(repository, Number(comment_id));
    if (thread === undefined) return failure(404, 'Not Found');
    const { pr, comments, reviewComments, timeline } = thread;
    switch (operation.operationId) {
      case 'pulls/get':
        return { status: 200, body: pullRequestObject(pr) };
      case 'pulls/list-files':
        return this.page(asked, pr.files.map(fileObject));
      case 'issues/list-comments':
        return this.page(
          asked,
          comments.map((comment) => commentObject(pr, comment)),
        );
      case 'issues/create-comment':
        return {
          status: 201,
          body: commentObject(pr, this.comment(this.account ?? BOT, bodyOf(asked), pr.number)),
        };
      case 'issues/update-comment': {
        const index = comments.findIndex(({ id }) => id === Number(comment_id));
        const changed = {
          id: Number(comment_id),
          author: BOT,
          ...comments[index],
          body: bodyOf(asked),
        };
        comments[index] = changed;
        return { status: 200, body: commentObject(pr, changed) };
      }
      case 'issues/delete-comment':
        comments.splice(
          comments.findIndex(({ id }) => id === Number(comment_id)),
          1,
        );
        return { status: 204, body: '' };
      case 'pulls/list-review-comments':
        return this.page(
          asked,
          reviewComments.map((comment) => reviewCommentObject(pr, comment)),
        );
      case 'pulls/create-review-comment': {
        const { path, line, start_line, body } = asked.body as Omit<ReviewComment, 'id'>;
        // GitHub takes none at a line that the diff does not show.
        if (!this.isShown(path, line ?? 0)) return failure(422, 'Validation Failed');
        const author = this.account ?? BOT;
        const given = {
          path,
          body,
          author,
          ...(line === undefined ? {} : { line }),
          ...(start_line === undefined ? {} : { start_line }),
        };
        return { status: 201, body: reviewCommentObject(pr, this.review(given, pr.number)) };
      }
      case 'pulls/delete-review-comment':
        reviewComments.splice(
          reviewComments.findIndex(({ id }) => id === Number(comment_id)),
          1,
        );
        return { status: 204, body: '' };
      case 'issues/list-events':
      case 'issues/list-events-for-timeline':
        return this.page(asked, timeline);
      default:
        throw new Error(`${operation.operationId} is described, but not faked`);
    }
  }

  /** Whether a diff shows a line; a test says which it does not. */
  isShown: (path: string, line: number) => boolean = () => true;

  private page({ path, query }: Asked, entries: readonly object[]): Answer {
    const { size, page } = paging(query);
    const last = Math.max(1, Math.ceil(entries.length / size));
    const link = (to: number, relation: string): string =>
      `<${this.url}${path}?per_page=${size}&page=${to}>; rel="${relation}"`;
    return {
      status: 200,
      body: entries.slice((page - 1) * size, page * size),
      headers: page < last ? { link: `${link(page + 1, 'next')}, ${link(last, 'last')}` } : {},
    };
  }
}

function paging(query: Asked['query']): { size: number; page: number } {
  return {
    size: Math.min(Number(query['per_page'] ?? PAGE), LARGEST_PAGE),
    page: Number(query['page'] ?? 1),
  };
}

/** Where an answer of ours is none that GitHub describes. */
function drift({ operation }: MatchedOperation, { status, body }: Answer): readonly string[] {
  const schema = operation.responses[status];
  // Failures that any operation can meet are not described with each.
  if (schema === undefined) return status === 404 ? [] : [`${status} is no status of its own`];
  return violationsOf(schema, body, 'response');
}

/** The text of a comment; the description has been checked by now. */
function bodyOf({ body }: Asked): string {
  return (body as { readonly body: string }).body;
}
