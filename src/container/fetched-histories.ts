import type { HistoryRead } from '../model/history.js';
import { UserError } from '../model/user-error.js';
import { ContainerFile } from './container-file.js';
import type { BlockLength } from './container-header.js';
import { decodeManifest, type FetchedCheck, type Manifest } from './manifest.js';
import { executionOf } from './stored-replay.js';

/** A container for the jobs after the fetch job: what it found, and histories on demand. */
export class FetchedHistories {
  readonly manifest: Manifest;
  private readonly file: ContainerFile;
  /** The place of each history's block, by its entry in the manifest. */
  private readonly places: ReadonlyMap<BlockLength, { offset: number; number: number }>;

  private constructor(file: ContainerFile, manifest: Manifest) {
    this.file = file;
    this.manifest = manifest;
    this.places = placesOf(manifest);
  }

  /** @throws UserError for anything but a whole container that the passphrase opens */
  static async open(
    path: string,
    options: { readonly passphrase?: string | undefined; readonly digest?: string },
  ): Promise<FetchedHistories> {
    const file = await ContainerFile.open(path, options);
    try {
      const manifest = decodeManifest(await file.readManifest());
      const bytes = manifest.checks
        .flatMap(({ reads }) => reads)
        .reduce((sum, read) => sum + (read.kind === 'read' ? read.block.stored : 0), 0);
      if (bytes !== file.blockBytes) {
        throw new UserError({
          found: 'The container cannot be used: its manifest names other histories than it holds',
          expected: 'the file that the fetch job of this run wrote',
          fix: 'run the fetch job again',
        });
      }
      return new FetchedHistories(file, manifest);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get digest(): string {
    return this.file.digest;
  }

  /** Reads histories one after the other, on demand: only one is in memory at a time. */
  async *read(
    check: FetchedCheck,
    positions: readonly number[],
    stop: AbortSignal,
  ): AsyncGenerator<HistoryRead, void, undefined> {
    for (const position of positions) {
      if (stop.aborted) return;
      const read = check.reads[position];
      if (read === undefined) throw new Error(`no read ${position} is in the container`);
      const execution = executionOf(check, read);
      switch (read.kind) {
        case 'gone':
          yield { kind: 'gone', execution };
          break;
        case 'unreadable':
          yield { kind: 'unreadable', execution, message: read.message };
          break;
        case 'read': {
          const place = this.places.get(read.block);
          if (place === undefined) throw new Error('a check of another container');
          const bytes = await this.file.readBlock(place.offset, read.block, place.number);
          yield { kind: 'read', execution, history: { ...read.history, bytes } };
        }
      }
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Blocks lie one behind the other, in the order of the manifest. */
function placesOf({
  checks,
}: Manifest): ReadonlyMap<BlockLength, { offset: number; number: number }> {
  const places = new Map<BlockLength, { offset: number; number: number }>();
  let offset = 0;
  for (const read of checks.flatMap(({ reads }) => reads)) {
    if (read.kind !== 'read') continue;
    places.set(read.block, { offset, number: places.size });
    offset += read.block.stored;
  }
  return places;
}
