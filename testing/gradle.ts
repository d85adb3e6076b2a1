import { cached } from './cache.js';
import { runCommand } from './run-command.js';
import { isCi } from './tiers.js';
import { missing, type MissingToolchain, type Progress } from './toolchain.js';

export interface Gradle {
  readonly available: true;
  /** As Gradle says it: 4.4.1, 9.1. */
  readonly version: string;
}

/** A download of some 70 MB, and on a busy machine as much again. */
const INSTALL_MS = 600_000;

/**
 * The Gradle on PATH. Under CI, where Debian's package can be installed, it is: no package registry that is asked here
 * has Gradle's own distribution. A person's machine is left as it is.
 */
export async function findGradle(
  progress: Progress = () => undefined,
): Promise<Gradle | MissingToolchain> {
  try {
    return { available: true, version: await versionOf() };
  } catch (error) {
    const advice = 'Gradle must be on PATH.';
    if (!mayInstall()) return missing(error, advice);
    try {
      // Of several processes one installs, and the others wait for it.
      await cached('debian-gradle-installed', () => install(progress));
      return { available: true, version: await versionOf() };
    } catch (failure) {
      return missing(failure, `${advice} As root, Debian's package gradle was tried.`);
    }
  }
}

async function versionOf(): Promise<string> {
  const { stdout } = await runCommand('gradle', ['--version'], { timeoutMs: 120_000 });
  return /^Gradle (\S+)$/mu.exec(stdout)?.[1] ?? 'unknown';
}

function mayInstall(): boolean {
  return isCi && process.getuid?.() === 0;
}

async function install(progress: Progress): Promise<void> {
  progress('installing the package gradle');
  const apt = (...args: string[]): Promise<unknown> =>
    runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '--yes', '--quiet', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: INSTALL_MS,
    });
  await apt('update');
  await apt('install', '--no-install-recommends', 'gradle');
}
