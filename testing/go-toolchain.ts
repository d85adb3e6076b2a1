import { join } from 'node:path';
import { cached } from './cache.js';
import { runCommand } from './run-command.js';
import type { Progress } from './toolchain.js';

export interface GoProgram {
  /** The package to install, without a version. */
  readonly package: string;
  readonly version: string;
  /** What `go install` names the program. */
  readonly binary: string;
  /** The Go release that the program demands, where it is newer than the usual one. */
  readonly goToolchain?: string;
}

/** Milliseconds between two progress lines of a build, which itself prints next to nothing. */
const PROGRESS_MS = 15_000;

/** Where a built program is, or would be, inside the cache's folder of its own. */
export function goProgramName(program: GoProgram): string {
  return `${program.binary}-${program.version}`;
}

/**
 * Builds a Go program into the cache, once. Takes minutes the first time, as every dependency is
 * compiled too.
 *
 * @returns the program's path.
 */
export async function goInstall(program: GoProgram, progress: Progress): Promise<string> {
  const target = `${program.package}@${program.version}`;
  const folder = await cached(goProgramName(program), async (bin) => {
    const began = Date.now();
    progress(`building ${target} with Go, which takes some minutes the first time`);
    const ticker = setInterval(() => {
      progress(`building ${target}: ${Math.round((Date.now() - began) / 1000)} s`);
    }, PROGRESS_MS);
    try {
      await runCommand('go', ['install', target], {
        env: {
          ...process.env,
          GOBIN: bin,
          GOFLAGS: '',
          ...(program.goToolchain === undefined ? {} : { GOTOOLCHAIN: program.goToolchain }),
        },
      });
    } finally {
      clearInterval(ticker);
    }
    progress(`built ${target} in ${Math.round((Date.now() - began) / 1000)} s`);
  });
  return join(folder, program.binary);
}

/** The folders in which `go install` leaves programs, which need not be on PATH. */
export async function goBinFolders(): Promise<readonly string[]> {
  try {
    const { stdout } = await runCommand('go', ['env', 'GOBIN', 'GOPATH']);
    const [gobin = '', gopath = ''] = stdout.split('\n').map((line) => line.trim());
    return [gobin, gopath === '' ? '' : join(gopath, 'bin')].filter((folder) => folder !== '');
  } catch {
    // No Go on this machine: no such folders.
    return [];
  }
}
