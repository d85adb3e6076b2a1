import { randomBytes } from 'node:crypto';
import type { HistoryServer, WholeHistory } from '../engine/engine.js';
import type { StoreUse } from '../model/estimate.js';
import { isOpen, type Execution } from '../model/execution.js';
import { MAX_BLOCK_BYTES, SALT_BYTES, SealedBlocks } from '../sealing/blocks.js';
import { StoreFolder } from './store-folder.js';

/** What a store may grow to: GitHub keeps 10 GB of caches for a whole repository. */
export const MAX_STORE_BYTES = 1024 * 1024 * 1024;

/** Entries that it may hold: as many as a listing. */
const MAX_ENTRIES = 200_000;

/** Holds the salt, and a proof of the passphrase. A store of another version begins anew. */
const KEY_FILE = 'key';
const KEY_MAGIC = Buffer.from('TRHK\x02', 'latin1');

export interface StoreSettings {
  /** Absolute path of the folder, outside of the checkout. */
  readonly folder: string;
  readonly passphrase: string;
}

/**
 * Histories that earlier runs have read, so that they need not be read again.
 *
 * An entry is found by all that the listing tells of an execution, so one that was for anything else is never
 * found, and it opens only with the passphrase, so nobody else can have written it. A store that is damaged,
 * foreign or full costs requests and nothing else: nothing here rejects.
 */
export class HistoryStore {
  private readonly folder: StoreFolder | undefined;
  private readonly blocks: SealedBlocks | undefined;
  /** What tells this server's namespace from any other. */
  private readonly identity: readonly string[];
  private readonly wholeHistory: HistoryServer['wholeHistory'];
  private reused = 0;
  private unusable = 0;
  private failure: string | undefined;

  private constructor(
    identity: readonly string[],
    wholeHistory: HistoryServer['wholeHistory'],
    made: { folder: StoreFolder; blocks: SealedBlocks; isNew: boolean } | { failure: string },
  ) {
    this.identity = identity;
    this.wholeHistory = wholeHistory;
    if ('failure' in made) {
      this.failure = made.failure;
      return;
    }
    this.folder = made.folder;
    this.blocks = made.blocks;
    if (made.isNew) this.unusable += 1;
  }

  /**
   * @param identity what tells this server's namespace from any other
   * @param wholeHistory makes a history of what was stored of it
   */
  static async open(
    settings: StoreSettings,
    identity: readonly string[],
    wholeHistory: HistoryServer['wholeHistory'],
  ): Promise<HistoryStore> {
    try {
      const folder = await StoreFolder.open(settings.folder);
      const key = await openKey(folder, settings.passphrase);
      return new HistoryStore(identity, wholeHistory, { folder, ...key });
    } catch (error) {
      return new HistoryStore(identity, wholeHistory, { failure: reasonOf(error) });
    }
  }

  get use(): StoreUse {
    const { reused, unusable, failure } = this;
    return { reused, unusable, ...(failure === undefined ? {} : { failure }) };
  }

  /** The execution's history as it was read before; undefined where that is not known. */
  async find(execution: Execution): Promise<WholeHistory | undefined> {
    const { folder, blocks } = this;
    const identity = this.identityOf(execution);
    if (folder === undefined || blocks === undefined || identity === undefined) return undefined;
    const name = blocks.nameOf(identity);
    try {
      const entry = await folder.read(name);
      if (entry === undefined) return undefined;
      const bytes = await blocks.unpack(entry, identity, MAX_BLOCK_BYTES);
      if (bytes === undefined) throw new Error('it does not open');
      const history = this.wholeHistory(bytes);
      await folder.touch(name);
      return history;
    } catch {
      this.unusable += 1;
      await folder.remove(name).catch(() => undefined);
      return undefined;
    }
  }

  /** One that `find` gave stands for a read. */
  noteReuse(): void {
    this.reused += 1;
  }

  /** @param requests what it took to read it */
  async keep(execution: Execution, history: WholeHistory, requests: number): Promise<void> {
    const { folder, blocks } = this;
    const identity = this.identityOf(execution);
    if (folder === undefined || blocks === undefined || identity === undefined) return;
    if (!isWorthKeeping(execution, history, requests)) return;
    try {
      await folder.write(blocks.nameOf(identity), await blocks.pack(history.bytes(), identity));
    } catch (error) {
      this.failure ??= reasonOf(error);
    }
  }

  /** Leaves no more behind than a store may hold. */
  async close(): Promise<void> {
    try {
      await this.folder?.prune(MAX_STORE_BYTES, MAX_ENTRIES);
    } catch (error) {
      this.failure ??= reasonOf(error);
    }
  }

  /**
   * A closed execution never changes, so how it closed and how long it became are part of what it is. Undefined
   * where the listing does not tell that.
   */
  private identityOf(execution: Execution): string | undefined {
    const { workflowId, runId, status, closeTime, historyLength } = execution;
    if (runId === '') return undefined;
    const one = ['history', ...this.identity, workflowId, runId];
    if (isOpen(execution)) return JSON.stringify([...one, 'open']);
    if (closeTime === undefined || historyLength === undefined) return undefined;
    return JSON.stringify([...one, status, closeTime, historyLength]);
  }
}

/**
 * Whether it can spare a request. To know whether one that runs has grown takes one, so there it must have taken
 * several; and one that has closed meanwhile, or is not of the length that was listed, is read again anyway.
 */
function isWorthKeeping(
  execution: Execution,
  { eventCount }: WholeHistory,
  requests: number,
): boolean {
  return isOpen(execution) ? requests > 1 : eventCount === execution.historyLength;
}

/** A store without a key, or whose key is another passphrase's, begins anew. */
async function openKey(
  folder: StoreFolder,
  passphrase: string,
): Promise<{ blocks: SealedBlocks; isNew: boolean }> {
  const known = await folder.read(KEY_FILE).catch(() => Buffer.alloc(0));
  if (known !== undefined) {
    const salt = known.subarray(KEY_MAGIC.length, KEY_MAGIC.length + SALT_BYTES);
    const blocks = await SealedBlocks.create(passphrase, salt);
    if (known.equals(keyFile(salt, blocks))) return { blocks, isNew: false };
  }
  await folder.remove(KEY_FILE);
  await folder.removeEntries();
  const salt = randomBytes(SALT_BYTES);
  const blocks = await SealedBlocks.create(passphrase, salt);
  await folder.write(KEY_FILE, keyFile(salt, blocks));
  return { blocks, isNew: known !== undefined };
}

function keyFile(salt: Buffer, blocks: SealedBlocks): Buffer {
  return Buffer.concat([KEY_MAGIC, salt, Buffer.from(blocks.nameOf('key'), 'hex')]);
}

/** The system's own word for it: a path would tell of the machine. */
function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
