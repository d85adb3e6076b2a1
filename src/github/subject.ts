import type { Subject } from '../model/subject.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import type { Evidence } from '../verdict/evidence.js';
import { readChangedLines } from './changed-lines.js';
import type { GitHubContext } from './context.js';
import { readEarlierTitles } from './earlier-titles.js';
import { readPullRequest, type GitHubRepository, type PullRequest } from './pull-request.js';

export interface SubjectSource {
  readonly context: GitHubContext;
  /** From the input; with it, GitHub is not asked. */
  readonly title: string | undefined;
  /** Whether an input claims a build ID; then no title is read for a claim. */
  readonly claimsBuildId?: boolean;
  readonly token: string | undefined;
  /** HEAD of the checkout; undefined outside a repository. */
  readonly commit: string | undefined;
  readonly signal: AbortSignal;
}

/** What to check: the given title, or the pull request's own, read fresh. */
export async function readSubject(source: SubjectSource): Promise<Subject> {
  const { context, commit, title } = source;
  const { trigger } = context;
  refuseForkWithSecrets(context);
  const isFork = trigger.kind === 'pull-request' && trigger.fromFork;
  const fork = isFork ? ({ isFromFork: true } as const) : {};
  if (title !== undefined) {
    // The title is an input, but the commits are still the event's.
    return { title, commit, acceptedCommits: eventCommits(context), ...fork };
  }
  if (trigger.kind !== 'pull-request') {
    if (!source.claimsBuildId) throw noTitle(context);
    return { title: '', commit, acceptedCommits: eventCommits(context) };
  }
  const repository = repositoryOf(source);
  const pullRequest = await readPullRequest(repository, trigger.number);
  return {
    title: pullRequest.title,
    commit,
    ...fork,
    // When a job runs again after a push, its merge commit belongs to an old head.
    acceptedCommits:
      trigger.mergeSha !== undefined && pullRequest.headSha === trigger.headSha
        ? [trigger.mergeSha, pullRequest.headSha]
        : [pullRequest.headSha],
    readEarlierTitles: () => readEarlierTitles(repository, trigger),
    readChangedLines: () => readChangedLines(repository, [trigger.number]),
  };
}

/** Checks that the workspace holds the code that the verdict will be about. */
export function checkSubject(
  { context: { trigger } }: Pick<SubjectSource, 'context'>,
  { commit, acceptedCommits }: Subject,
): Evidence['wrongSubject'] {
  if (acceptedCommits === 'any') return undefined;
  const expected = acceptedCommits.map((sha) => sha.slice(0, 12)).join(' or ') || 'no known commit';
  if (commit === undefined) {
    return {
      reason: 'wrong-checkout',
      summary: `The workspace is no git checkout, so nothing tells whether it holds ${expected}. Run actions/checkout before this action.`,
    };
  }
  if (acceptedCommits.includes(commit)) return undefined;
  if (trigger.kind === 'pull-request' && [trigger.mergeSha, trigger.headSha].includes(commit)) {
    return {
      reason: 'moved',
      summary: `The pull request has moved to ${expected} since this run's event. The run for the new head decides.`,
    };
  }
  return {
    reason: 'wrong-checkout',
    summary:
      `The workspace is at commit ${commit.slice(0, 12)}, and this run is about ${expected}. ` +
      howToCheckOut(trigger),
  };
}

/** Reads title and head again: a verdict about an older state of the pull request is worth nothing. */
export async function recheckSubject(
  source: SubjectSource,
  subject: Subject,
): Promise<Evidence['wrongSubject']> {
  const { trigger } = source.context;
  if (source.title !== undefined || trigger.kind !== 'pull-request') return undefined;
  const now = await readPullRequest(repositoryOf(source), trigger.number);
  if (!source.claimsBuildId && now.title !== subject.title) return movedTitle(now);
  if (!subject.acceptedCommits.includes(now.headSha)) {
    return {
      reason: 'moved',
      summary: `The pull request moved to ${now.headSha.slice(0, 12)} while the check ran. The run for the new head decides.`,
    };
  }
  return undefined;
}

export function movedTitle(now: PullRequest, which = 'The title'): Evidence['wrongSubject'] {
  return {
    reason: 'moved',
    summary: `${which} changed while the check ran, to "${truncate(readable(now.title), 100)}". The run for the new title decides.`,
  };
}

/** @throws UserError when GitHub cannot be asked about the repository */
export function repositoryOf({ context, token, signal }: SubjectSource): GitHubRepository {
  if (context.repository === undefined) throw noTitle(context);
  if (token === undefined) {
    throw new UserError({
      found: 'There is no token to read the title of the pull request',
      expected: 'the input github-token',
      fix: 'leave github-token at its default, ${{ github.token }}, and permit pull-requests: read',
    });
  }
  return { name: context.repository, token, signal };
}

/** The commits that an event is about, as far as the event itself says. */
function eventCommits({ trigger }: GitHubContext): Subject['acceptedCommits'] {
  switch (trigger.kind) {
    case 'pull-request':
      return trigger.mergeSha === undefined
        ? [trigger.headSha]
        : [trigger.mergeSha, trigger.headSha];
    case 'merge-group':
      return [trigger.headSha];
    case 'commit':
      return trigger.commits;
  }
}

function howToCheckOut(trigger: GitHubContext['trigger']): string {
  return trigger.kind === 'pull-request' && trigger.mergeSha === undefined
    ? "Check out the pull request's head, by its SHA as ref of actions/checkout, before this action."
    : "Check out the event's commit (the default of actions/checkout) before this action.";
}

function noTitle({ eventName }: GitHubContext): UserError {
  return new UserError({
    found: `The event "${readable(eventName)}" brings no pull request with a title to read`,
    expected: 'the input build-id or title, or one of the events pull_request and merge_group',
    fix:
      'set build-id to the version whose executions this code must take over ("current" is the version ' +
      'that runs now), or trigger the workflow on pull_request with types opened, edited, ' +
      'synchronize and reopened',
  });
}

/** These events hand secrets to a run that would execute a stranger's code. */
const WITH_SECRETS: readonly string[] = ['pull_request_target', 'workflow_run'];

function refuseForkWithSecrets({ eventName, trigger }: GitHubContext): void {
  if (!WITH_SECRETS.includes(eventName)) return;
  if (trigger.kind === 'merge-group' || !trigger.fromFork) return;
  const isRun = eventName === 'workflow_run';
  throw new UserError({
    found: isRun
      ? 'The event is workflow_run, and the run that it follows was for the head of a fork'
      : "The event is pull_request_target and the pull request's head is a fork",
    expected: 'the event pull_request, or a branch of this repository',
    fix:
      `use pull_request: this action runs the pull request's code, and ${eventName} would ` +
      'give that code your secrets',
  });
}
