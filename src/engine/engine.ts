import type { ClaimedBuild } from '../model/claim.js';
import type { Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import type { NoMatch } from '../model/no-match.js';
import type { ListedExecutions, ResolvedTarget } from '../model/resolved-target.js';
import type { CodecSettings, HistorySource } from '../model/settings.js';
import type { Target } from '../model/target.js';
import type {
  ClosedCounts,
  VersionId,
  VersionsInUse,
  VersionsScope,
} from '../model/versions-in-use.js';
import type { ByteShare } from '../pipeline/byte-room.js';
import type { HistoryReader } from './history-reader.js';

/** What runs workflows and records their histories, as the rest of the action sees it. */
export interface Engine {
  readonly reader: HistoryReader;
  /** @throws UserError when the server cannot be reached or refuses us */
  connect(source: ServerSource, options: ConnectOptions): Promise<HistoryServer>;
  /** @param passphrase opens those that are sealed */
  openFiles(passphrase?: string): HistoryFiles;
  /** How histories become files that `openFiles` reads. */
  readonly files: HistoryWriter;
  /** Decodes payloads by a remote codec. */
  openDecoder(codec: CodecSettings): HistoryDecoder;
}

export type ServerSource = Extract<HistorySource, { kind: 'server' }>;

export interface ConnectOptions {
  /** Undefined: no cap. */
  readonly maxRequestsPerSecond: number | undefined;
  /** Aborts every request. */
  readonly signal: AbortSignal;
}

/** One namespace of a server. Every request is paced. */
export interface HistoryServer {
  /** Requests made so far, retries included. */
  readonly requests: number;
  /** What distinguishes it from any other server's namespace. */
  identity(): Promise<readonly string[]>;
  /** What a claim means on it. */
  resolveTarget(claim: ClaimedBuild): Promise<ResolvedTarget>;
  /** A sentence that lists what a title can claim; empty where it is not known. */
  claimable(): Promise<string>;
  /** The executions of a target: bounded, the newest first, each with the fields that make its stratum. */
  listExecutions(target: Target): Promise<ListedExecutions>;
  /** Says why a target has no execution. Never rejects for an answer of the server. */
  explainNoMatch(target: Target): Promise<NoMatch>;
  /** How long closed executions are kept, in milliseconds; undefined where that is not known. */
  readRetention(): Promise<number | undefined>;
  /** Reads one history, cuts it for replay and tells its shape. */
  readHistory(execution: Execution, options: ReadOptions): Promise<HistoryRead>;
  /** Whether a running execution still has exactly this many events. */
  hasHistoryLength(execution: Execution, length: number, stop: AbortSignal): Promise<boolean>;
  /** @throws Error where these bytes are not what `bytes` of a whole history once gave */
  readonly wholeHistory: (bytes: Uint8Array) => WholeHistory;
  /** The keys of those closed executions that a reset has replaced by another run. */
  findLeftByReset(executions: readonly Execution[]): Promise<ReadonlySet<string>>;
  /** Versions, their running executions and their workers, as far as the server tells. */
  readVersions(scope: VersionsScope): Promise<VersionsInUse>;
  /** What a claim for one of them means. */
  resolveVersion(version: VersionId): Promise<ResolvedTarget>;
  countClosed(versions: readonly VersionId[], taskQueues: readonly string[]): Promise<ClosedCounts>;
  close(): Promise<void>;
}

export interface ReadOptions {
  /** Aborts the read, which then rejects. It must also be aborted when the run is cancelled. */
  readonly stop?: AbortSignal;
  /** Its share of the bytes that may be held. Whoever uses the history closes the share. */
  readonly share?: ByteShare;
  /** Called with the whole history and the number of requests that it took. */
  readonly onWhole?: (history: WholeHistory, requests: number) => void;
}

/** A history as the server sent it, before it is cut: what a store keeps. */
export interface WholeHistory {
  readonly eventCount: number;
  bytes(): Uint8Array;
  /** The same result as `readHistory`, as the history of that execution. */
  readOf(execution: Execution): HistoryRead;
}

/** Histories that were exported to files. */
export interface HistoryFiles {
  /**
   * @param pattern a glob or a folder, absolute or relative to the workspace
   * @throws UserError when no file matches, or one of them is not a whole history
   */
  list(pattern: string, workspace: string): Promise<Execution[]>;
  /** Reads one of the executions of `list`. */
  read(execution: Execution): Promise<HistoryRead>;
}

export interface HistoryWriter {
  /** The whole history as text, in the form that the engine's own tools export. */
  readonly textOf: (bytes: Uint8Array, execution: Execution) => string;
  /**
   * The same history with other contents, of the same shape and types.
   *
   * @param key decides what contents become
   * @param keep texts and numbers that stay
   * @throws Error where the form of some content is not known
   */
  readonly redact: (bytes: Uint8Array, key: Uint8Array, keep: readonly string[]) => Uint8Array;
}

export interface HistoryDecoder {
  /**
   * The same read with decoded payloads.
   *
   * @throws UserError when no history could be decoded
   */
  decode(read: HistoryRead, signal: AbortSignal): Promise<HistoryRead>;
}
