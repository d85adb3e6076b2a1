import { isNewerVersion } from '../model/sdk-version.js';

/**
 * Says why a history cannot be judged by a replayer of this language, or nothing where it can or where
 * history does not tell. Another language's worker orders and names its commands in its own way, so a
 * mismatch would say nothing about the code.
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
    `its history was written by the ${wroteIt} SDK (${sdkName}) and the code under test is ` +
    `${language}: narrow the executions with task-queue or query`
  );
}

/**
 * Says that a newer release of the SDK wrote a history than the one that replays it, or nothing where it
 * did not or where one of the versions is not known.
 */
export function newerThanReplayer(
  wrote: string | undefined,
  replays: string | undefined,
): string | undefined {
  if (wrote === undefined || replays === undefined || !isNewerVersion(wrote, replays)) {
    return undefined;
  }
  return `SDK ${wrote} wrote its history and the code under test has ${replays}, which is older`;
}
