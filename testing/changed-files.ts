import { runCommand } from './run-command.js';
import type { Workspace } from './workspace.js';

/** A file that a pull request changes, as GitHub tells it. */
export interface ChangedFile {
  readonly path: string;
  readonly additions: number;
  readonly deletions: number;
  /** The hunks of its diff, without git's header; GitHub leaves it out of what is large or no text. */
  readonly patch?: string;
}

/** What the head of a checkout changes against its base, by git's own diff. */
export async function changedFiles({
  path,
  baseSha,
  headSha,
}: Pick<Workspace, 'path' | 'baseSha' | 'headSha'>): Promise<ChangedFile[]> {
  if (baseSha === headSha) return [];
  const git = async (...args: string[]): Promise<string> =>
    (await runCommand('git', args, { cwd: path })).stdout;
  const stats = await git('diff', '--numstat', '--no-renames', baseSha, headSha);
  const files: ChangedFile[] = [];
  for (const line of stats.trim().split('\n')) {
    const [added = '', deleted = '', file = ''] = line.split('\t');
    const diff = await git('diff', '--no-renames', baseSha, headSha, '--', file);
    const hunks = diff.indexOf('\n@@ ');
    files.push({
      path: file,
      // A dash stands for "no text".
      additions: Number(added) || 0,
      deletions: Number(deleted) || 0,
      ...(hunks === -1 ? {} : { patch: diff.slice(hunks + 1).replace(/\n$/u, '') }),
    });
  }
  return files;
}
