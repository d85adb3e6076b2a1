import { randomBytes } from 'node:crypto';
import type { HistoryServer, WholeHistory } from '../engine/engine.js';
import type { StoreUse } from '../model/estimate.js';
import { isOpen, type Execution } from '../model/execution.js';
import { MAX_BLOCK_BYTES, SALT_BYTES, SealedBlocks } from '../sealing/blocks.js';
import { StoreFolder } from './store-folder.js';

/** The largest size of a store. GitHub keeps 10 GB of caches for a whole repository. */
export const MAX_STORE_BYTES = 1024 * 1024 * 1024;

/** The most entries of a store: as many as a listing has. */
const MAX_ENTRIES = 200_000;

/** Holds the salt and a proof of the passphrase. A store of another version starts empty. */
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
 * The key of an entry is everything that the listing tells about an execution, so no other execution finds it.
 * An entry opens only with the passphrase, so nobody else can have written it. A store that is damaged, foreign
 * or full only costs requests: nothing here rejects.
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

  /** The execution's history from an earlier read; undefined where the store has none. */
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

  /** Counts a history of `find` that took the place of a read. */
  noteReuse(): void {
    this.reused += 1;
  }

  /** @param requests how many it took to read the history */
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

  /** Removes what is more than a store may hold. */
  async close(): Promise<void> {
    try {
      await this.folder?.prune(MAX_STORE_BYTES, MAX_ENTRIES);
    } catch (error) {
      this.failure ??= reasonOf(error);
    }
  }

  /**
   * A closed execution never changes, so its status and its length are part of its identity. Undefined where the
   * listing does not tell them.
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
 * Whether keeping the history can save a request. For a running execution a later run needs one request to know
 * whether it has grown, so reading it must have taken several. An execution that has closed since the listing,
 * or has another length, is read again anyway.
 */
function isWorthKeeping(
  execution: Execution,
  { eventCount }: WholeHistory,
  requests: number,
): boolean {
  return isOpen(execution) ? requests > 1 : eventCount === execution.historyLength;
}

/** A store without a key, or with another passphrase's key, starts empty. */
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

/** The system's error code: a path would tell about the machine. */
function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
