import { createHash } from 'node:crypto';
import { pullRequest, splitRepository, type PullRequest } from './pull-request.js';

/** What made a workflow run: its payload, and what the runner says of it in `GITHUB_*`. */
export interface TriggerEvent {
  readonly name:
    | 'pull_request'
    | 'pull_request_target'
    | 'pull_request_review'
    | 'issue_comment'
    | 'merge_group'
    | 'push'
    | 'workflow_dispatch'
    | 'workflow_run'
    | 'schedule'
    | 'deployment'
    | 'release';
  readonly payload: object;
  readonly repository: string;
  /** GITHUB_SHA, which is also what `actions/checkout` checks out by default. */
  readonly sha: string;
  /** GITHUB_REF. */
  readonly ref: string;
  /** GITHUB_HEAD_REF and GITHUB_BASE_REF, which only pull requests have. */
  readonly headRef?: string;
  readonly baseRef?: string;
}

export type PullRequestAction = 'opened' | 'reopened' | 'synchronize' | 'edited' | 'labeled';

export interface PullRequestEventDetails {
  readonly action?: PullRequestAction;
  /** The title before an `edited`. */
  readonly previousTitle?: string;
  /** The head before a `synchronize`. */
  readonly previousHeadSha?: string;
}

export function pullRequestEvent(
  given: Partial<PullRequest> = {},
  details: PullRequestEventDetails = {},
): TriggerEvent {
  const pr = pullRequest(given);
  return {
    name: 'pull_request',
    payload: pullRequestPayload(pr, details),
    repository: pr.repository,
    sha: pr.mergeSha,
    ref: `refs/pull/${pr.number}/merge`,
    headRef: pr.headRef,
    baseRef: pr.baseRef,
  };
}

/** Runs in the context of the base, with its secrets, and so with the base's commit. */
export function pullRequestTargetEvent(
  given: Partial<PullRequest> = {},
  details: PullRequestEventDetails = {},
): TriggerEvent {
  const pr = pullRequest(given);
  return {
    ...pullRequestEvent(pr, details),
    name: 'pull_request_target',
    sha: pr.baseSha,
    ref: `refs/heads/${pr.baseRef}`,
  };
}

/** The merge queue's event, which names its pull request only within the ref, and has no title. */
export function mergeGroupEvent(given: Partial<PullRequest> = {}): TriggerEvent {
  const pr = pullRequest(given);
  const ref = `refs/heads/gh-readonly-queue/${pr.baseRef}/pr-${pr.number}-${pr.baseSha}`;
  return {
    name: 'merge_group',
    payload: {
      action: 'checks_requested',
      merge_group: {
        head_sha: pr.headSha,
        head_ref: ref,
        base_sha: pr.baseSha,
        base_ref: `refs/heads/${pr.baseRef}`,
        head_commit: commit(pr.headSha, pr.title),
      },
      ...everyPayload(pr),
    },
    repository: pr.repository,
    sha: pr.headSha,
    ref,
  };
}

/** A push of the pull request's head, as if it had been pushed to its base. */
export function pushEvent(given: Partial<PullRequest> = {}): TriggerEvent {
  const pr = pullRequest(given);
  const ref = `refs/heads/${pr.baseRef}`;
  return {
    name: 'push',
    payload: {
      ref,
      before: pr.baseSha,
      after: pr.headSha,
      created: false,
      deleted: false,
      forced: false,
      base_ref: null,
      compare: `https://github.com/${pr.repository}/compare/${pr.baseSha}...${pr.headSha}`,
      commits: [commit(pr.headSha, pr.title)],
      head_commit: commit(pr.headSha, pr.title),
      pusher: { name: pr.author, email: `${pr.author}@example.com` },
      ...everyPayload(pr),
    },
    repository: pr.repository,
    sha: pr.headSha,
    ref,
  };
}

export function workflowDispatchEvent(
  given: Partial<PullRequest> = {},
  inputs: Readonly<Record<string, string>> | null = null,
): TriggerEvent {
  const pr = pullRequest(given);
  const ref = `refs/heads/${pr.headRef}`;
  return {
    name: 'workflow_dispatch',
    payload: { inputs, ref, workflow: '.github/workflows/replay.yml', ...everyPayload(pr) },
    repository: pr.repository,
    sha: pr.headSha,
    ref,
  };
}

/** A run for the default branch, by the clock. */
export function scheduleEvent(given: Partial<PullRequest> = {}): TriggerEvent {
  const pr = pullRequest(given);
  return {
    name: 'schedule',
    payload: {
      schedule: '30 5 * * 1',
      workflow: '.github/workflows/replay.yml',
      ...everyPayload(pr),
    },
    repository: pr.repository,
    sha: pr.headSha,
    ref: `refs/heads/${pr.baseRef}`,
  };
}

export function deploymentEvent(given: Partial<PullRequest> = {}): TriggerEvent {
  const pr = pullRequest(given);
  return {
    name: 'deployment',
    payload: {
      action: 'created',
      deployment: {
        id: 1,
        sha: pr.headSha,
        ref: pr.headSha,
        task: 'deploy',
        environment: 'production',
        payload: {},
        description: null,
      },
      workflow: null,
      workflow_run: null,
      ...everyPayload(pr),
    },
    repository: pr.repository,
    sha: pr.headSha,
    // Of a deployment of a commit that is on no branch.
    ref: '',
  };
}

export function releaseEvent(given: Partial<PullRequest> = {}): TriggerEvent {
  const pr = pullRequest(given);
  return {
    name: 'release',
    payload: {
      action: 'published',
      release: { tag_name: 'v2.0', target_commitish: pr.baseRef, name: 'v2.0', draft: false },
      ...everyPayload(pr),
    },
    repository: pr.repository,
    sha: pr.headSha,
    ref: 'refs/tags/v2.0',
  };
}

/** Somebody writes below a pull request: a run for the default branch, with its secrets. */
export function issueCommentEvent(given: Partial<PullRequest> = {}): TriggerEvent {
  const pr = pullRequest(given);
  return {
    name: 'issue_comment',
    payload: {
      action: 'created',
      issue: { number: pr.number, title: pr.title, pull_request: {} },
      comment: { id: 1, body: '/replay', user: user(pr.author) },
      ...everyPayload(pr),
    },
    repository: pr.repository,
    sha: pr.baseSha,
    ref: `refs/heads/${pr.baseRef}`,
  };
}

export function pullRequestReviewEvent(given: Partial<PullRequest> = {}): TriggerEvent {
  const pr = pullRequest(given);
  return {
    ...pullRequestEvent(pr),
    name: 'pull_request_review',
    payload: {
      ...pullRequestPayload(pr, {}),
      action: 'submitted',
      review: { id: 1, state: 'approved', commit_id: pr.headSha, user: user(pr.author) },
    },
  };
}

export interface WorkflowRunDetails {
  /** Pull requests that GitHub lists with the run; by default the given one. */
  readonly pullRequests?: readonly Partial<PullRequest>[];
  /** The repository that the run's code comes from; null where it is gone. */
  readonly headRepository?: string | null;
}

/** A run that follows another one, in the context of the default branch, with its secrets. */
export function workflowRunEvent(
  given: Partial<PullRequest> = {},
  details: WorkflowRunDetails = {},
): TriggerEvent {
  const pr = pullRequest(given);
  const headRepository =
    details.headRepository === undefined ? pr.headRepository : details.headRepository;
  return {
    name: 'workflow_run',
    payload: {
      action: 'completed',
      workflow_run: {
        id: 30433642,
        name: 'Build',
        event: 'pull_request',
        status: 'completed',
        conclusion: 'success',
        head_branch: pr.headRef,
        head_sha: pr.headSha,
        head_repository: headRepository === null ? null : repository(pr, headRepository),
        repository: repository(pr, pr.repository),
        pull_requests: (details.pullRequests ?? [pr]).map((each) => {
          const listed = pullRequest(each);
          const side = (name: string, ref: string, sha: string): object => ({
            ref,
            sha,
            repo: { id: repositoryId(name), url: `https://api.github.com/repos/${name}`, name },
          });
          return {
            id: listed.number,
            number: listed.number,
            url: `https://api.github.com/repos/${listed.repository}/pulls/${listed.number}`,
            head: side(listed.headRepository, listed.headRef, listed.headSha),
            base: side(listed.repository, listed.baseRef, listed.baseSha),
          };
        }),
      },
      ...everyPayload(pr),
    },
    repository: pr.repository,
    sha: pr.baseSha,
    ref: `refs/heads/${pr.baseRef}`,
  };
}

function pullRequestPayload(
  pr: PullRequest,
  { action = 'opened', previousTitle, previousHeadSha }: PullRequestEventDetails,
): object {
  return {
    action,
    number: pr.number,
    ...(previousTitle === undefined ? {} : { changes: { title: { from: previousTitle } } }),
    ...(action === 'synchronize'
      ? { before: previousHeadSha ?? pr.baseSha, after: pr.headSha }
      : {}),
    pull_request: {
      number: pr.number,
      html_url: `https://github.com/${pr.repository}/pull/${pr.number}`,
      title: pr.title,
      body: pr.body,
      state: pr.state,
      draft: pr.isDraft,
      locked: false,
      user: user(pr.author),
      author_association: 'CONTRIBUTOR',
      labels: pr.labels.map((name) => ({ name, color: 'ededed', default: false })),
      head: branch(pr, pr.headRepository, pr.headRef, pr.headSha),
      base: branch(pr, pr.repository, pr.baseRef, pr.baseSha),
      merge_commit_sha: pr.mergeSha,
    },
    ...everyPayload(pr),
  };
}

function everyPayload(pr: PullRequest): object {
  return { repository: repository(pr, pr.repository), sender: user(pr.author) };
}

function branch(pr: PullRequest, name: string, ref: string, sha: string): object {
  const { owner } = splitRepository(name);
  return { label: `${owner}:${ref}`, ref, sha, user: user(owner), repo: repository(pr, name) };
}

function repository(pr: PullRequest, fullName: string): object {
  const { owner, name } = splitRepository(fullName);
  return {
    id: repositoryId(fullName),
    name,
    full_name: fullName,
    owner: user(owner),
    private: pr.isPrivate,
    visibility: pr.isPrivate ? 'private' : 'public',
    fork: fullName !== pr.repository,
    default_branch: pr.baseRef,
    html_url: `https://github.com/${fullName}`,
    url: `https://api.github.com/repos/${fullName}`,
  };
}

/** Any number, the same for the same name. */
function repositoryId(fullName: string): number {
  return createHash('sha256').update(fullName).digest().readUInt32BE();
}

function user(login: string): object {
  return { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}

function commit(id: string, message: string): object {
  const person = { name: 'Monalisa Octocat', email: 'octocat@example.com' };
  return {
    id,
    tree_id: id,
    message,
    timestamp: '2026-01-01T00:00:00Z',
    author: person,
    committer: person,
  };
}
