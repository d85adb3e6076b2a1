import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf, UserError } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';

/** The small part of the runner's environment and of the event's payload that this action uses. */
export interface GitHubContext {
  readonly eventName: string;
  readonly repository: RepositoryName | undefined;
  readonly isPublic: boolean;
  readonly serverUrl: string;
  readonly trigger: Trigger;
}

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** What the event is about. The code under test comes from there. */
export type Trigger = PullRequestTrigger | MergeGroupTrigger | CommitTrigger;

export interface PullRequestTrigger {
  readonly kind: 'pull-request';
  readonly number: number;
  /** The head when the event happened. When a job runs again, this is an old head. */
  readonly headSha: string;
  /**
   * GITHUB_SHA where that is the merge of this head into its base. For `pull_request_target` and
   * `workflow_run` it is the base's own commit, and a verdict about that would be green by accident.
   */
  readonly mergeSha: string | undefined;
  /** The title before the edit that caused this event. */
  readonly previousTitle: string | undefined;
  /** Also true where the head's repository is not known, as with a deleted fork. */
  readonly fromFork: boolean;
}

export interface MergeGroupTrigger {
  readonly kind: 'merge-group';
  readonly headSha: string;
  /** `refs/heads/gh-readonly-queue/BASE/pr-NUMBER-SHA`. */
  readonly headRef: string;
  readonly baseSha: string;
  /** `refs/heads/BASE`. */
  readonly baseRef: string;
}

export interface CommitTrigger {
  readonly kind: 'commit';
  /** `any` where the event names no code: `schedule` and `repository_dispatch`. */
  readonly commits: readonly string[] | 'any';
  readonly fromFork: boolean;
}

const repositorySchema = z.looseObject({ full_name: z.string() }).nullish();

/** As GitHub names a repository in a list of pull requests, without its owner. */
const repositoryIdSchema = z.looseObject({ id: z.number() }).nullish();

const payloadSchema = z.looseObject({
  repository: z
    .looseObject({
      private: z.boolean().optional(),
      id: z.number().optional(),
      full_name: z.string().optional(),
    })
    .optional(),
  changes: z
    .looseObject({ title: z.looseObject({ from: z.string() }).optional() })
    .nullish()
    .catch(undefined),
  pull_request: z
    .looseObject({
      number: z.number().int().positive(),
      head: z.looseObject({ sha: z.string(), repo: repositorySchema }),
      base: z.looseObject({ repo: repositorySchema }).optional(),
    })
    .nullish(),
  merge_group: z
    .looseObject({
      head_sha: z.string(),
      head_ref: z.string(),
      base_sha: z.string(),
      base_ref: z.string(),
    })
    .nullish(),
  workflow_run: z
    .looseObject({
      head_sha: z.string(),
      head_repository: repositorySchema,
      pull_requests: z
        .array(
          z.looseObject({
            number: z.number().int().positive(),
            base: z.looseObject({ repo: repositoryIdSchema }).optional(),
          }),
        )
        .nullish(),
    })
    // A deployment's event has the field too, and no run in it.
    .nullish(),
  deployment: z.looseObject({ sha: z.string() }).nullish(),
});

type Payload = z.output<typeof payloadSchema>;

/** @throws UserError when the payload is missing or not GitHub's. */
export function readGitHubContext(environment: NodeJS.ProcessEnv): GitHubContext {
  const [owner, name] = (environment['GITHUB_REPOSITORY'] ?? '').split('/');
  const payload = readPayload(environment['GITHUB_EVENT_PATH']);
  const eventName = environment['GITHUB_EVENT_NAME'] ?? '';
  return {
    eventName,
    repository: owner && name ? { owner, name } : undefined,
    // A repository that is not known to be private counts as public.
    isPublic: payload.repository?.private !== true,
    serverUrl: environment['GITHUB_SERVER_URL'] ?? 'https://github.com',
    trigger: triggerOf(eventName, payload, environment['GITHUB_SHA'] || undefined),
  };
}

function triggerOf(eventName: string, payload: Payload, sha: string | undefined): Trigger {
  const commit: Trigger = {
    kind: 'commit',
    commits: sha === undefined ? [] : [sha],
    fromFork: false,
  };
  switch (eventName) {
    case 'pull_request':
      return pullRequestOf(payload, sha) ?? commit;
    case 'pull_request_target':
      return pullRequestOf(payload, undefined) ?? UNKNOWN;
    case 'merge_group':
      return mergeGroupOf(payload) ?? commit;
    case 'workflow_run':
      return workflowRunOf(payload);
    case 'deployment':
    case 'deployment_status':
      return payload.deployment ? { ...commit, commits: [payload.deployment.sha] } : commit;
    case 'schedule':
    case 'repository_dispatch':
      // These events run on the default branch, but they are not about its code.
      return { ...commit, commits: 'any' };
    default:
      return commit;
  }
}

/** For an event whose GITHUB_SHA is not the code that it is about. */
const UNKNOWN: CommitTrigger = { kind: 'commit', commits: [], fromFork: true };

function pullRequestOf(
  { pull_request: pull, changes }: Payload,
  mergeSha: string | undefined,
): PullRequestTrigger | undefined {
  if (!pull) return undefined;
  const headRepository = pull.head.repo?.full_name;
  return {
    kind: 'pull-request',
    number: pull.number,
    headSha: pull.head.sha,
    mergeSha,
    previousTitle: changes?.title?.from,
    fromFork: headRepository === undefined || headRepository !== pull.base?.repo?.full_name,
  };
}

function mergeGroupOf({ merge_group: group }: Payload): MergeGroupTrigger | undefined {
  return !group
    ? undefined
    : {
        kind: 'merge-group',
        headSha: group.head_sha,
        headRef: group.head_ref,
        baseSha: group.base_sha,
        baseRef: group.base_ref,
      };
}

/** `workflow_run` is about the commit of the run that it follows, and about that run's pull request if it has one. */
function workflowRunOf({ workflow_run: run, repository }: Payload): Trigger {
  if (!run) return UNKNOWN;
  const headRepository = run.head_repository?.full_name;
  const fromFork = headRepository === undefined || headRepository !== repository?.full_name;
  // GitHub also lists pull requests from this branch into other repositories.
  const [pull, ...more] = (run.pull_requests ?? []).filter(
    ({ base }) => base?.repo != null && base.repo.id === repository?.id,
  );
  if (pull === undefined || more.length > 0) {
    return { kind: 'commit', commits: [run.head_sha], fromFork };
  }
  return {
    kind: 'pull-request',
    number: pull.number,
    headSha: run.head_sha,
    mergeSha: undefined,
    previousTitle: undefined,
    fromFork,
  };
}

function readPayload(path: string | undefined): Payload {
  if (path === undefined || path === '') return {};
  try {
    return payloadSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new UserError(
      {
        found: `The event's payload cannot be read: ${readable(messageOf(error)).slice(0, 300)}`,
        expected: "GITHUB_EVENT_PATH naming a file with GitHub's event",
        fix: 'run this action in a GitHub workflow, or give the input title',
      },
      { cause: error },
    );
  }
}
