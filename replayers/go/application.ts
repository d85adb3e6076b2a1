import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Fatal } from '../common/fatal.js';
import { holdsChance } from './chance.js';
import { go } from './go-command.js';
import { locateFunctions } from './register-function.js';

/** What is compiled: the application's package, the functions to call, and the SDK that it uses. */
export interface Application {
  /** Absolute path of the package that registers the workflows. */
  readonly folder: string;
  readonly importPath: string;
  /** Whether it is a program. No other package can import functions of a program. */
  readonly isProgram: boolean;
  readonly register: string;
  readonly options: string | undefined;
  readonly sdk: Sdk;
  /** Folders whose code is not the application's. */
  readonly foreign: readonly string[];
  /** Whether it holds what chance orders. */
  readonly chance: boolean;
}

export interface Sdk {
  /** Absolute path of the module. */
  readonly folder: string;
  /** Without the `v`. */
  readonly version: string;
  /** Whether it lies in a `vendor` folder of the application. */
  readonly isVendored: boolean;
}

/** The used part of what `go list -json` says of a package. */
interface ListedPackage {
  readonly Dir?: string;
  readonly ImportPath: string;
  readonly Name?: string;
  readonly Module?: {
    readonly Version?: string;
    readonly Dir?: string;
    readonly Replace?: { readonly Version?: string };
  };
  readonly Error?: { readonly Pos?: string; readonly Err: string };
}

const SDK = 'go.temporal.io/sdk';

/** The oldest release whose histories use the runtime's protobuf library. */
const OLDEST = [1, 26] as const;

/** @throws Fatal where the application has no such package, or not this SDK */
export function findApplication(folder: string, workflows: string | undefined): Application {
  const found = locateFunctions(folder, workflows);
  const packagePath = `./${relative(folder, found.folder).split(sep).join('/')}`;
  const [own, worker] = list(folder, [packagePath, `${SDK}/worker`]);
  if (own?.Dir === undefined || own.Name === undefined) {
    throw new Fatal(
      `go finds no package in ${packagePath}: ${own?.Error?.Err.trim() ?? 'it names none'}`,
      'set the input workflows to the folder of a Go package and its function, as in ./worker#Register',
    );
  }
  const sdk = sdkOf(worker);
  const { GOROOT = '', GOMODCACHE = '' } = environment(folder);
  const vendored = /^(.*[\\/]vendor[\\/])/u.exec(worker?.Dir ?? '')?.[1];
  return {
    folder: found.folder,
    importPath: own.ImportPath,
    isProgram: own.Name === 'main',
    register: found.register,
    options: found.options,
    sdk,
    foreign: [GOROOT, GOMODCACHE, sdk.folder, ...(sdk.isVendored && vendored ? [vendored] : [])]
      .filter((path) => path !== '')
      .map((path) => (path.endsWith(sep) ? path : path + sep)),
    chance: holdsChance(own.Module?.Dir ?? own.Dir),
  };
}

function sdkOf(listed: ListedPackage | undefined): Sdk {
  const { Dir: dir, Module: module } = listed ?? {};
  if (dir === undefined || !existsSync(join(dir, 'worker.go'))) {
    const found = listed?.Error?.Err.trim();
    throw new Fatal(
      `${SDK} is not there${found === undefined ? '' : `: ${found}`}`,
      `run go mod download in a step before this action, in the folder that working-directory names; ${SDK} must be in its go.mod`,
    );
  }
  const sdkFolder = dirname(dir);
  const version = (module?.Replace?.Version ?? module?.Version ?? '').replace(/^v/u, '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (version !== '' && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))) {
    throw new Fatal(
      `${SDK} v${version} is too old`,
      `upgrade the Temporal SDK to v${OLDEST.join('.')} or newer`,
    );
  }
  return {
    folder: sdkFolder,
    version: version === '' ? versionIn(sdkFolder) : version,
    isVendored: /[\\/]vendor[\\/]/u.test(dir) && !/[\\/]pkg[\\/]mod[\\/]/u.test(dir),
  };
}

/** The version of an SDK that a folder replaces, which go does not know. */
function versionIn(folder: string): string {
  const path = join(folder, 'internal', 'version.go');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return /SDKVersion = "([^"]+)"/u.exec(text)?.[1] ?? 'unknown';
}

/** In the order of `packages`. Where go finds nothing, the entry has its error. */
function list(folder: string, packages: readonly string[]): (ListedPackage | undefined)[] {
  return packages.map((name) => {
    const fields = 'Dir,ImportPath,Name,Module,Error';
    const { stdout, stderr } = go(folder, ['list', '-e', `-json=${fields}`, name]);
    if (stdout.trim() === '') {
      throw new Fatal(
        `go cannot list ${name}: ${stderr.trim()}`,
        'working-directory must lie in a Go module',
      );
    }
    return JSON.parse(stdout) as ListedPackage;
  });
}

function environment(folder: string): Record<string, string | undefined> {
  const { stdout } = go(folder, ['env', '-json', 'GOROOT', 'GOMODCACHE']);
  return JSON.parse(stdout) as Record<string, string>;
}
