import { join, relative, sep } from 'node:path';
import { Fatal } from '../common/fatal.js';
import { once } from '../common/once.js';
import type { Application } from './application.js';
import { go } from './go-command.js';
import { writeOverlay } from './overlay.js';
import { isMethod, lookForFunction, wrapper } from './register-function.js';

/** Name of the compiled replayer in the folder that is made for it. */
const PROGRAM = 'replayer';

/** Lines of the compiler that are shown. That is enough to begin with. */
const MAX_LINES = 20;

/**
 * The compiled replayer. The first process of a run builds it, and the others wait. When it fails, all throw the same
 * error.
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

/** It runs in the working directory, because go names files relative to that. */
function build(application: Application, folder: string, scratch: string, output: string): void {
  const { file, target } = writeOverlay(application, scratch);
  const { succeeded, stdout, stderr } = go(folder, [
    'build',
    // For vendored modules go chooses the mode by itself, and in a workspace it may refuse the flag.
    ...(application.sdk.isVendored ? [] : ['-mod=readonly']),
    // Places need absolute paths. The version of the checkout is not used.
    '-trimpath=false',
    '-buildvcs=false',
    // Data for debuggers takes half of the linker's time.
    '-ldflags=-s -w',
    `-overlay=${file}`,
    '-o',
    output,
    `./${relative(folder, target).split(sep).join('/')}`,
  ]);
  if (succeeded) return;
  throw notCompiled(application, folder, `${stderr}${stdout}`.trim());
}

/** Lines about the files that are made for the build. They mean a function that the input names. */
const OURS = /go-sources\/|zz_temporalreplaygate/u;

function notCompiled(application: Application, folder: string, said: string): Fatal {
  const missing =
    /go-sources\/\S+: undefined: (?:application\.)?(\S+)$/mu.exec(said)?.[1] ??
    /go-sources\/\S+: name (\S+) not exported by package/mu.exec(said)?.[1];
  const path = `./${relative(folder, application.folder).split(sep).join('/')}`;
  if (missing !== undefined) return noFunction(application, missing, path);
  const generic = /cannot use generic function (?:application\.)?(\S+) without instantiation/u.exec(
    said,
  )?.[1];
  if (generic !== undefined) {
    return new Fatal(
      `${generic} is a generic function (input workflows)`,
      wrapper(`${generic}(registry)`, path),
    );
  }
  const noValue = /go-sources\/\S+: (?:application\.)?(\S+) \(type\) is not an expression/mu.exec(
    said,
  )?.[1];
  if (noValue !== undefined) return noFunction(application, noValue, path);
  const lines = said.split('\n').filter((line) => !OURS.test(line));
  const shown = lines.slice(0, MAX_LINES).join('\n');
  const rest = lines.length > MAX_LINES ? `\n… ${lines.length - MAX_LINES} more lines` : '';
  return lines.length === 0
    ? new Fatal(
        `the replayer does not compile with go.temporal.io/sdk v${application.sdk.version}: ${said.replaceAll(/\S*(?:go-sources|zz_temporalreplaygate)\S*/gu, '…')}`,
        'use a release of the SDK that this action knows, or report this',
      )
    : new Fatal(
        `the workflow code does not compile: ${shown}${rest}`,
        'go build shows the same error in the folder that working-directory names; modules must be downloaded in a step before',
      );
}

/** Go shows the error in a generated file, which helps nobody. */
function noFunction({ folder, importPath }: Application, name: string, path: string): Fatal {
  const { file, others, methodOf } = lookForFunction(folder, name);
  if (file === undefined && methodOf !== undefined) return isMethod(path, methodOf, name);
  if (file !== undefined && !/^\p{Lu}/u.test(name)) {
    return new Fatal(
      `${name} is not visible outside of its package ${importPath} (input workflows)`,
      wrapper(`${name}(registry)`, path),
    );
  }
  if (file !== undefined) {
    return new Fatal(
      `go leaves out ${file}, which declares ${name} (input workflows)`,
      'if that is for a build tag, set GOFLAGS to -tags=NAME in the env of this step; or name a function in a file without one',
    );
  }
  return new Fatal(
    `the package ${importPath} has no function ${name} (input workflows)`,
    others.length === 0
      ? 'name a function that takes one worker.Registry'
      : `functions that take one worker.Registry, or a part of it, are ${others.join(', ')}`,
  );
}
