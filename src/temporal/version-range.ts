import type { VersionLeft } from '../engine/history-reader.js';

/** Words of the Go SDK for either side of the range, and of the Java SDK for both. */
const WORDS: readonly RegExp[] = [
  /removed support of version (?<version>-?\d+)\. for "(?<id>.*)" changeID/su,
  /too old to support version (?<version>-?\d+) for "(?<id>.*)" changeID/su,
  /Version (?<version>-?\d+) of changeId (?<id>.*) is not supported\./su,
];

/** What an SDK's error text says of a version that is out of range; undefined where it says something else. */
export function versionLeft(message: string): VersionLeft | undefined {
  for (const pattern of WORDS) {
    const { id, version } = pattern.exec(message)?.groups ?? {};
    if (id !== undefined && version !== undefined) return { id, version: Number(version) };
  }
  return undefined;
}
