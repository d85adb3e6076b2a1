import type { Fetched } from '../gate/fetched.js';
import { executionKey } from '../model/coverage.js';
import type { HistoryRead } from '../model/history.js';
import { ContainerWriter } from './container-file.js';
import {
  encodeManifest,
  type FetchedCheck,
  type LeftByReset,
  type Manifest,
  type StoredHistory,
  type StoredSubject,
} from './manifest.js';

/** The container that a fetch job writes: histories go to the file as they are read. */
export class FetchContainer {
  private readonly writer: ContainerWriter;
  private readonly checks: FetchedCheck[] = [];
  private reads: { readonly key: string; readonly history: StoredHistory }[] = [];

  private constructor(writer: ContainerWriter) {
    this.writer = writer;
  }

  static async create(path: string, passphrase: string | undefined): Promise<FetchContainer> {
    return new FetchContainer(await ContainerWriter.create(path, passphrase));
  }

  /** Adds a history of the current check. */
  async add(read: HistoryRead): Promise<void> {
    this.reads.push({ key: executionKey(read.execution), history: await this.stored(read) });
  }

  endCheck(check: {
    readonly subject?: StoredSubject;
    readonly fetched: Fetched;
    readonly leftByReset: LeftByReset;
  }): void {
    const { subject, leftByReset } = check;
    const {
      bug: _bug,
      cancelled: _cancelled,
      wrongSubject: _wrongSubject,
      ...fetched
    } = check.fetched;
    const position = new Map(
      fetched.listing.executions.map((execution, index) => [executionKey(execution), index]),
    );
    this.checks.push({
      ...(subject === undefined ? {} : { subject }),
      fetched,
      isToReplay:
        subject !== undefined &&
        fetched.claim?.kind === 'claimed' &&
        fetched.problem === undefined &&
        fetched.target !== undefined,
      reads: this.reads.map(({ key, history }) => ({
        ...history,
        execution: position.get(key) ?? -1,
      })),
      leftByReset,
    });
    this.reads = [];
  }

  /** @returns the digest of the file, in hexadecimal */
  async finish(rest: Omit<Manifest, 'checks'>): Promise<string> {
    return this.writer.finish(encodeManifest({ ...rest, checks: this.checks }));
  }

  async discard(): Promise<void> {
    await this.writer.discard();
  }

  /** Whether the replay jobs have anything to do. */
  get isToReplay(): boolean {
    return this.checks.some((check) => check.isToReplay);
  }

  get histories(): number {
    return this.checks.reduce(
      (sum, { reads }) => sum + reads.filter(({ kind }) => kind === 'read').length,
      0,
    );
  }

  private async stored(read: HistoryRead): Promise<StoredHistory> {
    switch (read.kind) {
      case 'gone':
        return { kind: 'gone' };
      case 'unreadable':
        return { kind: 'unreadable', message: read.message };
      case 'read': {
        const { bytes, ...history } = read.history;
        const block = await this.writer.add(bytes);
        return {
          kind: 'read',
          ...(read.execution.isLeftByReset === true ? { isLeftByReset: true } : {}),
          block,
          history,
        };
      }
    }
  }
}
