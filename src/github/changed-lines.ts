import { getOctokit } from '@actions/github';
import type { ReadChangedLines } from '../model/subject.js';
import { answerWords, ask } from './ask.js';
import { addedLines } from './patch.js';
import type { GitHubRepository } from './pull-request.js';

/** The most that GitHub puts on a page. */
const PAGE = 100;

/** GitHub lists at most 3,000 files of a pull request. */
const MAX_PAGES = 30;

/** The lines that pull requests change, by GitHub's own diff, as a reviewer sees it. Never rejects. */
export async function readChangedLines(
  repository: GitHubRepository,
  numbers: readonly number[],
): Promise<ReadChangedLines> {
  const lines = new Map<string, Map<number, string>>();
  const untold: string[] = [];
  try {
    for (const number of numbers) {
      for await (const { filename, patch, changes } of filesOf(repository, number)) {
        // GitHub gives no patch for a file that is too large, is no text, or was only renamed.
        if (patch === undefined && changes > 0) untold.push(filename);
        else
          lines.set(
            filename,
            new Map([...(lines.get(filename) ?? []), ...addedLines(patch ?? '')]),
          );
      }
    }
  } catch (error) {
    return {
      problem: `It is not known which changed lines the histories reach: the changed files cannot be read (${answerWords(error)}).`,
    };
  }
  return { lines, untold };
}

async function* filesOf(
  { name, token, signal }: GitHubRepository,
  number: number,
): AsyncGenerator<{ filename: string; patch?: string; changes: number }> {
  const question = {
    what: `The files of pull request ${number}`,
    permission: 'pull-requests: read',
    signal,
  };
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const { data } = await ask(question, (requestSignal) =>
      getOctokit(token).rest.pulls.listFiles({
        owner: name.owner,
        repo: name.name,
        pull_number: number,
        per_page: PAGE,
        page,
        request: { signal: requestSignal },
      }),
    );
    yield* data;
    if (data.length < PAGE) return;
  }
}
