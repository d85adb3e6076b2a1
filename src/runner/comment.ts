import * as core from '@actions/core';
import { createHash } from 'node:crypto';
import { writeComment } from '../github/comment.js';
import type { GitHubContext } from '../github/context.js';
import type { Report } from '../model/report.js';
import type { Settings } from '../model/settings.js';
import { describeUnknown } from '../model/user-error.js';
import { renderComment, type CommentOptions } from '../report/comment.js';
import { logLine } from '../untrusted/log-line.js';
import { readInput } from './runner.js';

/** What tells the checks of one job from each other, as in a matrix. */
const TELLING_INPUTS = [
  'namespace',
  'task-queue',
  'deployment-name',
  'query',
  'histories',
  'working-directory',
  'workflows',
  'path',
];

/** The comment at the pull request. Whatever happens to it, the verdict stands. */
export async function commentOn(
  report: Report,
  { reporting, githubToken }: Pick<Settings, 'reporting' | 'githubToken'>,
  { trigger, repository }: GitHubContext,
  options: CommentOptions,
  signal: AbortSignal,
): Promise<void> {
  if (reporting.comment === 'never' || trigger.kind !== 'pull-request') return;
  try {
    if (repository === undefined || githubToken === undefined) {
      throw new Error('there is no github-token');
    }
    await writeComment({ name: repository, token: githubToken, signal }, trigger.number, {
      key: keyOfCheck(),
      run: {
        id: numberIn('GITHUB_RUN_ID'),
        attempt: numberIn('GITHUB_RUN_ATTEMPT'),
      },
      body: renderComment(report, options),
      isToBegin: reporting.comment === 'always' || !report.verdict.passes,
    });
  } catch (error) {
    core.warning(logLine(`The verdict stands without its comment. ${describeUnknown(error)}`), {
      title: 'Temporal replay',
    });
  }
}

/** Tells the checks of a pull request from each other. */
export function keyOfCheck(): string {
  const place = ['GITHUB_WORKFLOW', 'GITHUB_JOB'].map((name) => process.env[name] ?? '');
  const inputs = TELLING_INPUTS.map((name) => readInput(name) ?? '');
  return createHash('sha256')
    .update(JSON.stringify([...place, ...inputs]))
    .digest('hex')
    .slice(0, 16);
}

export function numberIn(name: string): number {
  const value = Number(process.env[name]);
  return Number.isSafeInteger(value) && value > 0 ? value : 1;
}
