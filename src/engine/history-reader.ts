import type { RecordedHistory } from './recorded-history.js';

/** How an engine's histories are read, and what its SDKs say about them. It needs no connection. */
export interface HistoryReader {
  /** Name of the format in which a replayer gets a history, as the replayer protocol names it. */
  readonly historyFormat: string;
  /**
   * @param bytes a history in that form; none at all is a history without events
   * @throws Error where they are none
   */
  readonly readHistory: (bytes: Uint8Array) => RecordedHistory;
  /** A command in words: "activity chargeCard", "a timer". The name is untrusted. */
  readonly commandWords: (command: { readonly command: string; readonly name: string }) => string;
  /** Reads the text of an SDK's error, which is never shown raw. */
  readonly readMessage: (message: string) => SdkMessage;
  /** The version that such a text calls out of range; undefined where it says something else. */
  readonly versionLeft: (message: string) => VersionLeft | undefined;
  /** Whether it says that the code registers no such workflow type. */
  readonly isUnregisteredType: (message: string) => boolean;
  /** Whether it says that a payload could not be decoded. */
  readonly isUndecodablePayload: (message: string) => boolean;
  /** Whether the default data converter of every SDK reads this encoding. */
  readonly isPlainEncoding: (encoding: string) => boolean;
  /** The language of an SDK, by the name that it writes into a history; undefined where it is not known. */
  readonly languageOf: (sdkName: string) => string | undefined;
}

/** What an SDK's error text says about the place. */
export interface SdkMessage {
  /** Absent where it names no event. */
  readonly eventId?: number;
  /** The part after the noise, short enough for a report. */
  readonly words: string;
}

/** A version that history holds and that the code's `GetVersion` no longer takes, or not yet. */
export interface VersionLeft {
  /** The change's ID. Untrusted. */
  readonly id: string;
  readonly version: number;
}
