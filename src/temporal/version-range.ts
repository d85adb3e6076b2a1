import type { VersionLeft } from '../engine/history-reader.js';

/** The Go SDK has one message for each end of the range, the Java SDK has one for both. */
const WORDS: readonly RegExp[] = [
  /removed support of version (?<version>-?\d+)\. for "(?<id>.*)" changeID/su,
  /too old to support version (?<version>-?\d+) for "(?<id>.*)" changeID/su,
  /Version (?<version>-?\d+) of changeId (?<id>.*) is not supported\./su,
];

/** The version that is out of range, by an SDK's error text. Undefined where the text says something else. */
export function versionLeft(message: string): VersionLeft | undefined {
  for (const pattern of WORDS) {
    const { id, version } = pattern.exec(message)?.groups ?? {};
    if (id !== undefined && version !== undefined) return { id, version: Number(version) };
  }
  return undefined;
}
