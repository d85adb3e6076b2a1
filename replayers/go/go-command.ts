import { spawnSync } from 'node:child_process';
import { Fatal } from '../common/fatal.js';

export interface GoAnswer {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bytes. Large modules list many packages. */
const MAX_OUTPUT = 256 * 1024 * 1024;

/** Runs the first `go` on PATH to its end. */
export function go(folder: string, args: readonly string[]): GoAnswer {
  const { error, status, stdout, stderr } = spawnSync('go', args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') {
    throw new Fatal(
      'there is no go on PATH',
      'set Go up before this action, for example with actions/setup-go',
    );
  }
  if (error !== undefined) throw new Fatal(`go ${args[0] ?? ''} cannot be run: ${error.message}`);
  return { succeeded: status === 0, stdout, stderr };
}
