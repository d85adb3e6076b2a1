import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fatal } from '../common/fatal.js';
import type { Application } from './application.js';
import { go } from './go-command.js';
import { writeOverlay } from './overlay.js';

/** Milliseconds between two looks at what another process builds. */
const POLL_MS = 50;

/** Lines of the compiler's that are repeated; ten errors of the application's are enough to begin with. */
const MAX_LINES = 20;

/**
 * The compiled replayer, made once for all processes of a run: the first builds, the others wait for it, and all
 * say the same when it fails.
 */
export async function buildOnce(
  folder: string,
  scratch: string,
  find: () => Application,
): Promise<string> {
  const program = join(scratch, 'go-replayer');
  const failure = join(scratch, 'go-build-failed.json');
  const lock = join(scratch, 'go-build.lock');
  for (;;) {
    if (existsSync(program)) return program;
    if (existsSync(failure)) {
      const { message, hint } = JSON.parse(readFileSync(failure, 'utf8')) as Fatal;
      throw new Fatal(message, hint);
    }
    if (isTaken(lock)) {
      try {
        // Under another name first: another process must never find half a program.
        const unfinished = `${program}.${process.pid}`;
        build(find(), folder, scratch, unfinished);
        renameSync(unfinished, program);
        return program;
      } catch (error) {
        if (error instanceof Fatal) {
          const { message, hint } = error;
          writeFileSync(`${failure}.${process.pid}`, JSON.stringify({ message, hint }));
          renameSync(`${failure}.${process.pid}`, failure);
        }
        throw error;
      } finally {
        rmSync(lock, { recursive: true, force: true });
      }
    }
    await sleep(POLL_MS);
  }
}

/** Takes the lock; also from a process that was killed while it built. */
function isTaken(lock: string): boolean {
  try {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    const holder = Number(readFileSync(join(lock, 'pid'), 'utf8'));
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { recursive: true, force: true });
  } catch {
    // It was given back just now, or has not written its number yet.
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In the working directory, because go tells places relative to where it runs. */
function build(application: Application, folder: string, scratch: string, output: string): void {
  const { file, target } = writeOverlay(application, scratch);
  const { succeeded, stdout, stderr } = go(folder, [
    'build',
    // Where modules are vendored, go has chosen that already and knows no other word for it in a workspace.
    ...(application.sdk.isVendored ? [] : ['-mod=readonly']),
    // Lines are told by absolute paths; and the version of the checkout concerns nobody.
    '-trimpath=false',
    '-buildvcs=false',
    // What only debuggers read takes the linker half its time.
    '-ldflags=-s -w',
    `-overlay=${file}`,
    '-o',
    output,
    `./${relative(folder, target).split(sep).join('/')}`,
  ]);
  if (succeeded) return;
  const said = `${stderr}${stdout}`.trim();
  const isOurs = /zz_temporalreplaygate/u.test(said) && !/undefined: application\./u.test(said);
  const lines = said.split('\n');
  const shown = lines.slice(0, MAX_LINES).join('\n');
  const rest = lines.length > MAX_LINES ? `\n… ${lines.length - MAX_LINES} more lines` : '';
  throw new Fatal(
    `the workflow code does not compile: ${shown}${rest}`,
    isOurs
      ? `the function that registers must be visible to other packages; else this replayer does not know go.temporal.io/sdk v${application.sdk.version}`
      : 'go build shows the same error in the folder that working-directory names; modules must be downloaded in a step before',
  );
}
