import type { ChangedFile } from './changed-files.js';

/** A pull request, as far as the action can see it: both the fake GitHub and events are made of it. */
export interface PullRequest {
  /** `owner/name` of the repository that it wants to change. */
  readonly repository: string;
  readonly isPrivate: boolean;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly isDraft: boolean;
  /** Of a closed one. */
  readonly isMerged: boolean;
  readonly author: string;
  readonly labels: readonly string[];
  /** `owner/name` of the repository that it comes from: another one for a fork. */
  readonly headRepository: string;
  readonly headRef: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly baseSha: string;
  /** The merge of head and base that `pull_request` workflows check out by default. */
  readonly mergeSha: string;
  readonly files: readonly ChangedFile[];
}

export function pullRequest(given: Partial<PullRequest> = {}): PullRequest {
  const repository = given.repository ?? 'acme/orders';
  return {
    repository,
    isPrivate: false,
    number: 7,
    title: '[compatible-v1.0] Wait a second before finishing',
    body: null,
    state: 'open',
    isDraft: false,
    isMerged: false,
    author: 'octocat',
    labels: [],
    headRepository: repository,
    headRef: 'wait-a-second',
    headSha: '1111111111111111111111111111111111111111',
    baseRef: 'main',
    baseSha: '2222222222222222222222222222222222222222',
    mergeSha: '3333333333333333333333333333333333333333',
    files: [],
    ...given,
  };
}

export function splitRepository(repository: string): { owner: string; name: string } {
  const [owner = '', name = ''] = repository.split('/');
  return { owner, name };
}
