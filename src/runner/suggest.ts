import * as core from '@actions/core';
import { writeSuggestions } from '../github/suggestions.js';
import type { GitHubContext } from '../github/context.js';
import type { Report } from '../model/report.js';
import type { Settings } from '../model/settings.js';
import { describeUnknown } from '../model/user-error.js';
import { renderSuggestions } from '../report/suggestions.js';
import { logLine } from '../untrusted/log-line.js';
import { keyOfCheck, numberIn } from './comment.js';

/** The proven fixes as review suggestions. Whatever happens to them, the verdict stands. */
export async function suggestFixes(
  report: Report,
  { reporting, githubToken }: Pick<Settings, 'reporting' | 'githubToken'>,
  { trigger, repository }: GitHubContext,
  signal: AbortSignal,
): Promise<void> {
  if (!reporting.suggest || trigger.kind !== 'pull-request' || report.commit === undefined) return;
  try {
    if (repository === undefined || githubToken === undefined) {
      throw new Error('there is no github-token');
    }
    const outside = await writeSuggestions(
      { name: repository, token: githubToken, signal },
      trigger.number,
      {
        key: keyOfCheck(),
        run: { id: numberIn('GITHUB_RUN_ID'), attempt: numberIn('GITHUB_RUN_ATTEMPT') },
        commit: report.commit,
        suggestions: renderSuggestions(report),
      },
    );
    if (outside > 0) {
      core.info(
        `GitHub takes suggestions only at lines that the pull request shows: ${outside} are in the job summary alone.`,
      );
    }
  } catch (error) {
    core.warning(logLine(`The verdict stands without its suggestions. ${describeUnknown(error)}`), {
      title: 'Temporal replay',
    });
  }
}
