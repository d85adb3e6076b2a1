import { isNewerVersion } from '../model/sdk-version.js';

/**
 * Says why a replayer of this language cannot judge a history. Undefined where it can, or where history does not
 * tell. Another language's worker orders and names its commands in its own way, so a mismatch would say
 * nothing about the code.
 *
 * @param languageOf the language of an SDK by its name
 */
export function foreignSdk(
  sdkName: string | undefined,
  language: string,
  languageOf: (sdkName: string) => string | undefined,
): string | undefined {
  if (sdkName === undefined) return undefined;
  const wroteIt = languageOf(sdkName);
  if (wroteIt === undefined || wroteIt === language) return undefined;
  return (
    `the ${wroteIt} SDK (${sdkName}) wrote its history, and the code under test is ` +
    `${language}: narrow the executions with task-queue or query`
  );
}

/**
 * Says that a newer release of the SDK wrote the history than the one that replays it. Undefined where that is not
 * so, or where a version is not known.
 */
export function newerThanReplayer(
  wrote: string | undefined,
  replays: string | undefined,
): string | undefined {
  if (wrote === undefined || replays === undefined || !isNewerVersion(wrote, replays)) {
    return undefined;
  }
  return `SDK ${wrote} wrote its history, and the code under test has the older ${replays}`;
}
