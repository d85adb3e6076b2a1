import type { ClaimedBuild } from '../model/claim.js';
import type { Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import type { NoMatch } from '../model/no-match.js';
import type { ListedExecutions, ResolvedTarget } from '../model/resolved-target.js';
import type { CodecSettings, HistorySource } from '../model/settings.js';
import type { Target } from '../model/target.js';
import type { ByteShare } from '../pipeline/byte-room.js';
import type { HistoryReader } from './history-reader.js';

/** What runs workflows and records their histories: all that the rest needs to know of it. */
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
  /** Breaks off every request. */
  readonly signal: AbortSignal;
}

/** One namespace of a server, whose every request is paced. */
export interface HistoryServer {
  /** Requests made so far, those that were tried again included. */
  readonly requests: number;
  /** What tells it from any other server's namespace. */
  identity(): Promise<readonly string[]>;
  /** What a claim means on it. */
  resolveTarget(claim: ClaimedBuild): Promise<ResolvedTarget>;
  /** The executions of a target: bounded, the newest first, each with what strata are made of. */
  listExecutions(target: Target): Promise<ListedExecutions>;
  /** Says why a target has no execution. Never rejects for what the server answers. */
  explainNoMatch(target: Target): Promise<NoMatch>;
  /** Reads one history, cuts it for replay and tells its shape. */
  readHistory(execution: Execution, options: ReadOptions): Promise<HistoryRead>;
  /** Whether a running execution has just so many events now. */
  hasHistoryLength(execution: Execution, length: number, stop: AbortSignal): Promise<boolean>;
  /** @throws Error where these bytes are not what `bytes` of a whole history once gave */
  readonly wholeHistory: (bytes: Uint8Array) => WholeHistory;
  /** Of closed executions, the keys of those in whose place a reset put another run. */
  findLeftByReset(executions: readonly Execution[]): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

export interface ReadOptions {
  /** Breaks the read off, which then rejects; it must also do so when the run is cancelled. */
  readonly stop?: AbortSignal;
  /** What it takes of the bytes that may be held. It is for whoever has use for the history to close it. */
  readonly share?: ByteShare;
  /** Is given all of it, and how many requests it took. */
  readonly onWhole?: (history: WholeHistory, requests: number) => void;
}

/** A history as the server sent it, before it is cut: what a store keeps. */
export interface WholeHistory {
  readonly eventCount: number;
  bytes(): Uint8Array;
  /** What it is good for as the history of that execution, as `readHistory` gives it. */
  readOf(execution: Execution): HistoryRead;
}

/** Histories that were exported to files. */
export interface HistoryFiles {
  /**
   * @param pattern a glob, absolute or relative to the workspace
   * @throws UserError when no file matches, or one of them is not a whole history
   */
  list(pattern: string, workspace: string): Promise<Execution[]>;
  /** Reads one of those that `list` gave. */
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
