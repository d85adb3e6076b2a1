import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';

/** The narrow part of the runner's environment and of the event's payload that is used. */
export interface GitHubContext {
  readonly eventName: string;
  readonly repository: { readonly owner: string; readonly name: string } | undefined;
  readonly isPublic: boolean;
  /** The commit that triggered the run: of a pull request, its merge commit. */
  readonly sha: string;
  readonly serverUrl: string;
  readonly pullRequest: PullRequestEvent | undefined;
}

export interface PullRequestEvent {
  readonly number: number;
  readonly headSha: string;
  readonly fromFork: boolean;
}

const payloadSchema = z.looseObject({
  repository: z.looseObject({ private: z.boolean().optional() }).optional(),
  pull_request: z
    .looseObject({
      number: z.number().int().positive(),
      head: z.looseObject({
        sha: z.string(),
        repo: z.looseObject({ full_name: z.string() }).nullish(),
      }),
      base: z.looseObject({ repo: z.looseObject({ full_name: z.string() }).nullish() }).optional(),
    })
    .optional(),
});

/** @throws UserError when the payload is not there or not GitHub's. */
export function readGitHubContext(environment: NodeJS.ProcessEnv): GitHubContext {
  const [owner, name] = (environment['GITHUB_REPOSITORY'] ?? '').split('/');
  const payload = readPayload(environment['GITHUB_EVENT_PATH']);
  const pull = payload.pull_request;
  const headRepository = pull?.head.repo?.full_name;
  return {
    eventName: environment['GITHUB_EVENT_NAME'] ?? '',
    repository: owner && name ? { owner, name } : undefined,
    // What is not known to be private is treated as public.
    isPublic: payload.repository?.private !== true,
    sha: environment['GITHUB_SHA'] ?? '',
    serverUrl: environment['GITHUB_SERVER_URL'] ?? 'https://github.com',
    pullRequest:
      pull === undefined
        ? undefined
        : {
            number: pull.number,
            headSha: pull.head.sha,
            // A deleted fork shows no repository: still not ours.
            fromFork: headRepository === undefined || headRepository !== pull.base?.repo?.full_name,
          },
  };
}

function readPayload(path: string | undefined): z.output<typeof payloadSchema> {
  if (path === undefined || path === '') return {};
  try {
    return payloadSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new UserError(
      {
        found: `The event's payload cannot be read: ${readable(error instanceof Error ? error.message : String(error)).slice(0, 300)}`,
        expected: "GITHUB_EVENT_PATH naming a file with GitHub's event",
        fix: 'run this action in a GitHub workflow, or give the input title',
      },
      { cause: error },
    );
  }
}
