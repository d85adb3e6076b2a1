import type { ChangedFile } from '../changed-files.js';
import { sample } from '../openapi/sample.js';
import { splitRepository, type PullRequest } from '../pull-request.js';

export interface Comment {
  readonly id: number;
  readonly author: string;
  readonly body: string;
}

/** A comment at lines of a pull request's diff. */
export interface ReviewComment extends Comment {
  readonly path: string;
  /** Absent once the lines are not in the diff any more. */
  readonly line?: number;
  readonly start_line?: number;
  readonly in_reply_to_id?: number;
}

export interface Renaming {
  readonly id: number;
  readonly actor: string;
  readonly from: string;
  readonly to: string;
}

/** A pull request as `GET /repos/{owner}/{repo}/pulls/{pull_number}` answers it. */
export function pullRequestObject(pr: PullRequest): object {
  return sample('pull-request', {
    number: pr.number,
    html_url: webAddress(pr),
    title: pr.title,
    body: pr.body,
    state: pr.state,
    draft: pr.isDraft,
    locked: false,
    user: user(pr.author),
    labels: pr.labels.map((name, index) => ({
      id: index + 1,
      node_id: `L_${index}`,
      url: `https://api.github.com/repos/${pr.repository}/labels/${encodeURIComponent(name)}`,
      name,
      description: null,
      color: 'ededed',
      default: false,
    })),
    merge_commit_sha: pr.mergeSha,
    merged: pr.state === 'closed' && pr.isMerged,
    head: branch(pr, pr.headRepository, pr.headRef, pr.headSha),
    base: branch(pr, pr.repository, pr.baseRef, pr.baseSha),
  });
}

/** One of the files that `GET /repos/{owner}/{repo}/pulls/{pull_number}/files` lists. */
export function fileObject({ path, additions, deletions, patch }: ChangedFile): object {
  return {
    sha: '4444444444444444444444444444444444444444',
    filename: path,
    status: 'modified',
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: 'https://example.com/',
    raw_url: 'https://example.com/',
    contents_url: 'https://example.com/',
    ...(patch === undefined ? {} : { patch }),
  };
}

export function commentObject(pr: PullRequest, { id, author, body }: Comment): object {
  return sample('issue-comment', {
    id,
    body,
    user: user(author),
    html_url: `${webAddress(pr)}#issuecomment-${id}`,
    url: `https://api.github.com/repos/${pr.repository}/issues/comments/${id}`,
    issue_url: `https://api.github.com/repos/${pr.repository}/issues/${pr.number}`,
  });
}

export function reviewCommentObject(
  pr: PullRequest,
  { author, ...comment }: ReviewComment,
): object {
  return sample('pull-request-review-comment', {
    ...comment,
    commit_id: pr.headSha,
    user: user(author),
    pull_request_url: `https://api.github.com/repos/${pr.repository}/pulls/${pr.number}`,
  });
}

export function renamedObject({ id, actor, from, to }: Renaming): object {
  return sample('renamed-issue-event', {
    id,
    event: 'renamed',
    actor: user(actor),
    rename: { from, to },
  });
}

/** A commit as a comparison lists it. */
export interface ComparedCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
}

export function comparisonObject(commits: readonly ComparedCommit[], total: number): object {
  return sample('commit-comparison', {
    status: 'ahead',
    ahead_by: total,
    total_commits: total,
    commits: commits.map(({ sha, parents, message }) =>
      sample('commit', {
        sha,
        commit: { message },
        parents: parents.map((parent) => ({ sha: parent, url: 'https://example.com/' })),
      }),
    ),
    files: [],
  });
}

export function refObject(ref: string, sha: string): object {
  return sample('git-ref', { ref, object: { type: 'commit', sha, url: 'https://example.com/' } });
}

/** One of the many things that a timeline holds besides renamings. */
export function labeledObject(id: number, actor: string, label: string): object {
  return sample('labeled-issue-event', {
    id,
    event: 'labeled',
    actor: user(actor),
    label: { name: label, color: 'ededed' },
  });
}

function branch(pr: PullRequest, repository: string, ref: string, sha: string): object {
  const { owner, name } = splitRepository(repository);
  return {
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: user(owner),
    repo: sample('repository', {
      name,
      full_name: repository,
      owner: user(owner),
      private: pr.isPrivate,
      fork: repository !== pr.repository,
      default_branch: pr.baseRef,
      html_url: `https://github.com/${repository}`,
    }),
  };
}

/** The account of a token as `GET /user` answers it. */
export function accountObject(login: string): object {
  return sample('public-user', { login, type: 'User' });
}

function user(login: string): object {
  return sample('simple-user', { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' });
}

function webAddress(pr: PullRequest): string {
  return `https://github.com/${pr.repository}/pull/${pr.number}`;
}
