/** Whether a version like "1.24.0" is newer than another one. A pre-release counts as its release. */
export function isNewerVersion(version: string, than: string): boolean {
  const [one, other] = [numbersOf(version), numbersOf(than)];
  const index = one.findIndex((number, at) => number !== other[at]);
  return index !== -1 && (one[index] ?? 0) > (other[index] ?? 0);
}

function numbersOf(version: string): number[] {
  const [, ...numbers] = /^v?(\d+)\.(\d+)(?:\.(\d+))?/u.exec(version) ?? [];
  return [0, 1, 2].map((index) => Number(numbers[index] ?? 0));
}

/** Versions of the SDK that do not go together. */
export interface SdkVersions {
  /** The SDK version of the code under test. */
  readonly here: string;
  /** The SDK version of the baseline, or of the history. */
  readonly other: string;
}
