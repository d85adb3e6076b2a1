import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * The commit of the checkout's HEAD, or undefined where there is no repository or no git.
 *
 * The workspace is the pull request's. So git is only asked for a name, which runs no hook and no filter, and
 * it gets none of the environment's git settings.
 */
export async function headCommit(workspace: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      'git',
      // In a container the user often does not own the checkout, and git would refuse it.
      [
        '-c',
        `safe.directory=${workspace}`,
        '-c',
        'core.fsmonitor=false',
        'rev-parse',
        '--verify',
        'HEAD^{commit}',
      ],
      {
        cwd: workspace,
        timeout: 30_000,
        env: {
          PATH: process.env['PATH'],
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_CEILING_DIRECTORIES: '',
        },
      },
    );
    const commit = stdout.trim();
    return /^[0-9a-f]{40,64}$/u.test(commit) ? commit : undefined;
  } catch {
    return undefined;
  }
}
