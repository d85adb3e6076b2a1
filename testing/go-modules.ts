import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, isCached } from './cache.js';
import { projectRoot } from './project-root.js';
import { runCommand } from './run-command.js';
import { missing, type FoundToolchain, type MissingToolchain, type Progress } from './toolchain.js';

/** The releases that the tests replay with: the newest, and the oldest that is supported. */
export const GO_SDKS = { newest: '1.50.0', oldest: '1.26.0' } as const;

/**
 * A Go toolchain, with this release of the SDK in the module cache and compiled in the build cache, so that a
 * test that compiles an application takes seconds.
 */
export async function findGoSdk(
  version: string,
  progress: Progress = () => undefined,
): Promise<FoundToolchain | MissingToolchain> {
  try {
    const name = `go-sdk-${version}`;
    if (!(await isCached(name))) progress(`compiling Temporal's Go SDK ${version}`);
    const folder = await cached(name, async (target) => {
      await writeFile(join(target, 'go.mod'), goModOf(version));
      await writeFile(join(target, 'sdk.go'), `package sdk\n\nimport (\n${IMPORTS}\n)\n`);
      await runCommand('go', ['mod', 'tidy'], { cwd: target });
      await runCommand('go', ['build', './...'], { cwd: target });
    });
    return { available: true, path: folder, version, source: 'cache' };
  } catch (error) {
    return missing(error, 'Go 1.22 or newer must be on PATH, and a proxy of Go modules reachable.');
  }
}

const IMPORTS = ['client', 'interceptor', 'temporal', 'worker', 'workflow']
  .map((name) => `\t_ "go.temporal.io/sdk/${name}"`)
  .join('\n');

function goModOf(version: string): string {
  return `module example.com/sdk\n\ngo 1.22\n\nrequire go.temporal.io/sdk v${version}\n`;
}

/** Where earlier steps of a job have left modules and compiled packages; a job of the tests has a HOME of its own. */
export async function goCaches(): Promise<Record<string, string>> {
  const { stdout } = await runCommand('go', ['env', '-json', 'GOCACHE', 'GOMODCACHE']);
  return JSON.parse(stdout) as Record<string, string>;
}

/** Files of an application in Go, with the module files of a release of the SDK that `findGoSdk` found. */
export async function goFiles(
  sdk: FoundToolchain,
  files: Readonly<Record<string, string>>,
  module = 'example.com/commands',
): Promise<Record<string, string>> {
  const mod = await readFile(join(sdk.path, 'go.mod'), 'utf8');
  return {
    'go.mod': mod.replace('example.com/sdk', module),
    'go.sum': await readFile(join(sdk.path, 'go.sum'), 'utf8'),
    ...files,
  };
}

/** The application whose workflows issue every kind of command, as files. */
export async function commandsGoFiles(): Promise<Record<string, string>> {
  const from = join(
    projectRoot,
    '__tests__',
    'fixtures',
    'applications',
    'commands-go',
    'workflows',
  );
  const names = await readdir(from);
  const texts = await Promise.all(names.map((name) => readFile(join(from, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [`workflows/${name}`, texts[index] ?? '']));
}
