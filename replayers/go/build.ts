import { join, relative, sep } from 'node:path';
import { Fatal } from '../common/fatal.js';
import { once } from '../common/once.js';
import type { Application } from './application.js';
import { go } from './go-command.js';
import { writeOverlay } from './overlay.js';

/** Name of the compiled replayer in the folder that is made for it. */
const PROGRAM = 'replayer';

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
  const made = await once(scratch, 'go-replayer', (target) =>
    build(find(), folder, scratch, join(target, PROGRAM)),
  );
  return join(made, PROGRAM);
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
