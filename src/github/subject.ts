import type { Subject } from '../gate-parts.js';
import { UserError } from '../model/user-error.js';
import { truncate, readable } from '../untrusted/readable.js';
import type { Evidence } from '../verdict/conclude.js';
import type { GitHubContext } from './context.js';
import { readPullRequest, type PullRequest } from './pull-request.js';

/** The events that carry one pull request. */
const PULL_REQUEST_EVENTS: readonly string[] = ['pull_request', 'pull_request_target'];

export interface SubjectSource {
  readonly context: GitHubContext;
  /** From the input; then GitHub is not asked. */
  readonly title: string | undefined;
  /** Whether an input claims a build ID, so that no title is read for a claim. */
  readonly claimsBuildId?: boolean;
  readonly token: string | undefined;
  /** HEAD of the checkout; undefined outside a repository. */
  readonly commit: string | undefined;
  readonly signal: AbortSignal;
}

/** What is checked: the given title, or the pull request's own, read fresh. */
export async function readSubject(source: SubjectSource): Promise<Subject> {
  const { context, commit } = source;
  refuseForkWithSecrets(context);
  if (source.claimsBuildId && context.pullRequest === undefined) {
    return { title: '', commit, acceptedCommits: [] };
  }
  if (source.title !== undefined) {
    // Somebody tries a title out, or another trigger brings its own: the event's commits still count.
    const accepted =
      context.pullRequest === undefined ? [] : [context.sha, context.pullRequest.headSha];
    return { title: source.title, commit, acceptedCommits: accepted.filter((sha) => sha !== '') };
  }
  const pullRequest = await readFresh(source);
  return {
    title: pullRequest.title,
    commit,
    acceptedCommits: [context.sha, pullRequest.headSha].filter((sha) => sha !== ''),
  };
}

/** The workspace must hold the code that the verdict will be about. */
export function checkSubject(subject: Subject): Evidence['wrongSubject'] {
  const { commit, acceptedCommits } = subject;
  if (acceptedCommits.length === 0) return undefined;
  const expected = acceptedCommits.map((sha) => sha.slice(0, 12)).join(' or ');
  if (commit === undefined) {
    return {
      reason: 'wrong-checkout',
      summary: `The workspace is no git checkout, so it cannot be told whether it holds ${expected}. Run actions/checkout before this action.`,
    };
  }
  if (acceptedCommits.includes(commit)) return undefined;
  return {
    reason: 'wrong-checkout',
    summary:
      `The workspace is at commit ${commit.slice(0, 12)}, and the pull request at ${expected}. ` +
      "Check the event's commit out (the default of actions/checkout) before this action.",
  };
}

/** Title and head once more: a verdict about a pull request that moved on is worth nothing. */
export async function recheckSubject(
  source: SubjectSource,
  subject: Subject,
): Promise<Evidence['wrongSubject']> {
  if (source.title !== undefined) return undefined;
  if (source.claimsBuildId && source.context.pullRequest === undefined) return undefined;
  const now = await readFresh(source);
  if (!source.claimsBuildId && now.title !== subject.title) {
    return {
      reason: 'moved',
      summary: `The title changed while the check ran, to "${truncate(readable(now.title), 100)}". The run for the new title decides.`,
    };
  }
  if (!subject.acceptedCommits.includes(now.headSha)) {
    return {
      reason: 'moved',
      summary: `The pull request moved on to ${now.headSha.slice(0, 12)} while the check ran. The run for the new head decides.`,
    };
  }
  return undefined;
}

async function readFresh(source: SubjectSource): Promise<PullRequest> {
  const { context } = source;
  const { pullRequest, repository } = context;
  if (
    !PULL_REQUEST_EVENTS.includes(context.eventName) ||
    pullRequest === undefined ||
    repository === undefined
  ) {
    throw new UserError({
      found: `The event "${readable(context.eventName)}" carries no pull request`,
      expected: 'the event pull_request, or the input title',
      fix: 'trigger the workflow on pull_request with types opened, edited, synchronize and reopened',
    });
  }
  return readPullRequest(source.token, repository, pullRequest.number, source.signal);
}

/** `pull_request_target` hands secrets to a run that would execute a stranger's code. */
function refuseForkWithSecrets(context: GitHubContext): void {
  if (context.eventName === 'pull_request_target' && context.pullRequest?.fromFork !== false) {
    throw new UserError({
      found: "The event is pull_request_target and the pull request's head is a fork",
      expected: 'the event pull_request, or a branch of this repository',
      fix:
        "use pull_request: this action runs the pull request's code, and pull_request_target would " +
        'give that code your secrets',
    });
  }
}
