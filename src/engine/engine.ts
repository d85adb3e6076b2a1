import type { ClaimedBuild } from '../model/claim.js';
import type { Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import type { NoMatch } from '../model/no-match.js';
import type { ListedExecutions, ResolvedTarget } from '../model/resolved-target.js';
import type { CodecSettings, HistorySource } from '../model/settings.js';
import type { Target } from '../model/target.js';
import type { ByteShare } from '../pipeline/byte-room.js';
import type { HistoryReader } from './history-reader.js';

/** What runs workflows and records their histories, as the rest of the action sees it. */
export interface Engine {
  readonly reader: HistoryReader;
  /** @throws UserError when the server cannot be reached or refuses us */
  connect(source: ServerSource, options: ConnectOptions): Promise<HistoryServer>;
  openFiles(): HistoryFiles;
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
  /** The executions of a target: bounded, the newest first, each with the fields that make its stratum. */
  listExecutions(target: Target): Promise<ListedExecutions>;
  /** Says why a target has no execution. Never rejects for an answer of the server. */
  explainNoMatch(target: Target): Promise<NoMatch>;
  /** Reads one history, cuts it for replay and tells its shape. */
  readHistory(execution: Execution, options: ReadOptions): Promise<HistoryRead>;
  /** Whether a running execution still has exactly this many events. */
  hasHistoryLength(execution: Execution, length: number, stop: AbortSignal): Promise<boolean>;
  /** @throws Error where these bytes are not what `bytes` of a whole history once gave */
  readonly wholeHistory: (bytes: Uint8Array) => WholeHistory;
  /** The keys of those closed executions that a reset has replaced by another run. */
  findLeftByReset(executions: readonly Execution[]): Promise<ReadonlySet<string>>;
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
   * @param pattern a glob, absolute or relative to the workspace
   * @throws UserError when no file matches, or one of them is not a whole history
   */
  list(pattern: string, workspace: string): Promise<Execution[]>;
  /** Reads one of the executions of `list`. */
  read(execution: Execution): Promise<HistoryRead>;
}

export interface HistoryDecoder {
  /**
   * The same read with decoded payloads.
   *
   * @throws UserError when no history could be decoded
   */
  decode(read: HistoryRead, signal: AbortSignal): Promise<HistoryRead>;
}
