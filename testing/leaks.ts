import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FetchedHistories } from '../src/container/fetched-histories.js';

/** What must be seen nowhere: a value, or a line of one, by what it was given as. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** Inputs and variables of a step that carry credentials. */
const SECRET_NAME =
  /^(?:INPUT_(?:CLIENT-KEY|CLIENT-CERT|API-KEY|CODEC-AUTH|GITHUB-TOKEN|CONTAINER-PASSPHRASE|HISTORY-CACHE-PASSPHRASE)|TEMPORAL_.*(?:KEY|CERT|TOKEN|AUTH).*)$/u;

/** Shorter pieces are words that anybody may say. */
const SHORTEST = 10;

/** The credentials in a step's environment: whole, and of a PEM text each line of what it frames. */
export function canariesOf(environment: Readonly<Record<string, string | undefined>>): Canary[] {
  return Object.entries(environment).flatMap(([name, text = '']) => {
    // A path is no secret; what it leads to is never in the environment.
    if (!SECRET_NAME.test(name) || existsSync(text)) return [];
    const lines = text.split(/\r?\n|\\n/u).map((line) => line.trim());
    return lines
      .filter((line) => line.length >= SHORTEST && !line.includes('-----'))
      .map((value) => ({ name, value }));
  });
}

/** Where something was found that must not be there, one line each. */
export function leaksIn(place: string, text: string, canaries: readonly Canary[]): string[] {
  return [
    ...new Set(
      canaries.filter(({ value }) => text.includes(value)).map(({ name }) => `${name} in ${place}`),
    ),
  ];
}

/** What a step prints, but for the commands that tell the runner what to mask. */
export function withoutMasks(printed: string): string {
  return printed
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('::add-mask::'))
    .join('\n');
}

/** Milliseconds between two looks at who runs. */
const WATCH_MS = 100;

/** Watches the command lines of a process and of all that it starts, and the environments of the latter. */
export class ProcessWatch {
  readonly leaks = new Set<string>();
  /** Processes that were looked at. */
  readonly seen = new Set<number>();
  private readonly canaries: readonly Canary[];
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(pid: number, canaries: readonly Canary[]) {
    this.canaries = canaries;
    if (process.platform !== 'linux' || canaries.length === 0) return;
    this.timer = setInterval(() => this.look(pid), WATCH_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** @param starter command line of who has started it; absent for the action itself */
  private look(pid: number, starter?: string): void {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      this.note(
        `the command line of ${starter === undefined ? 'the action' : commandLine}`,
        commandLine,
      );
      // Until it has its own program it is its starter once more, for a moment.
      if (starter !== undefined && starter !== commandLine) {
        this.seen.add(pid);
        this.note(
          `the environment of ${commandLine}`,
          readFileSync(`/proc/${pid}/environ`, 'utf8'),
        );
      }
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
        for (const child of children === '' ? [] : children.split(' ')) {
          this.look(Number(child), commandLine);
        }
      }
    } catch {
      // It ended while we looked, or is another user's.
    }
  }

  private note(place: string, text: string): void {
    for (const leak of leaksIn(place.replaceAll('\0', ' ').trim(), text, this.canaries)) {
      this.leaks.add(leak);
    }
  }
}

/** Files larger than this hold a program, or histories that were made to be large. */
const MAX_FILE = 64 * 1024 * 1024;

/** What the files below a folder hold that were written since then. */
export async function leaksInFiles(
  folder: string,
  since: number,
  canaries: readonly Canary[],
): Promise<string[]> {
  const leaks: string[] = [];
  for (const path of await filesSince(folder, since)) {
    leaks.push(...leaksIn(path, await readFile(path, 'latin1').catch(() => ''), canaries));
    leaks.push(...leaksIn(`${path}, unpacked`, await unpacked(path, canaries), canaries));
  }
  return leaks;
}

/** What a container or a result of the three jobs says, as one who has the passphrase reads it. */
async function unpacked(path: string, canaries: readonly Canary[]): Promise<string> {
  try {
    if (path.endsWith('.gz')) return gunzipSync(await readFile(path)).toString('utf8');
    if (!path.endsWith('.trc')) return '';
    const passphrase = canaries.find(({ name }) => name === 'INPUT_CONTAINER-PASSPHRASE')?.value;
    const container = await FetchedHistories.open(path, { passphrase });
    const { manifest } = container;
    await container.close();
    return JSON.stringify(manifest);
  } catch {
    // Half a file, or one that a test has spoiled: nobody reads more of it.
    return '';
  }
}

async function filesSince(folder: string, since: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesSince(path, since)));
    else if (entry.isFile()) {
      const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }));
      if (mtimeMs >= since && size <= MAX_FILE) found.push(path);
    }
  }
  return found;
}
