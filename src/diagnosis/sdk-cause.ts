import type { RecordedHistory } from '../engine/recorded-history.js';
import type { SdkVersions } from '../model/sdk-version.js';
import type { Cause } from '../model/cause.js';
import { isNewerVersion } from '../model/sdk-version.js';
import type { Checkouts, Failure } from './failure.js';
import { haveSameSources } from './source-location.js';

export interface SdkCause {
  readonly cause: Cause;
  readonly sdk: SdkVersions;
}

/**
 * Whether the SDK causes a failure, and not the code. Only two cases count: the baseline passes with another SDK
 * and the same files; or the commands do not show why, and the SDK is older than the one that wrote the history.
 *
 * @param told what the commands show
 */
export function sdkCause(
  failure: Failure,
  told: Cause,
  history: RecordedHistory,
  { workspace, baseline, sdkVersion, baselineSdkVersion }: Checkouts,
): SdkCause | undefined {
  if (sdkVersion === undefined || told === 'nondeterministic-source') return undefined;
  const { recorded } = failure;
  const there = failure.baseline?.recorded;
  if (
    baseline !== undefined &&
    baselineSdkVersion !== undefined &&
    baselineSdkVersion !== sdkVersion &&
    failure.baseline?.relation === 'introduced' &&
    there !== undefined &&
    haveSameSources(
      { frames: [...(recorded?.result.commands ?? []), failure.result], root: workspace },
      { frames: there.commands ?? [], root: baseline },
    )
  ) {
    return { cause: 'sdk-changed', sdk: { here: sdkVersion, other: baselineSdkVersion } };
  }
  if (told !== 'unknown' || recorded === undefined) return undefined;
  const wrote = history.newestSdkVersion;
  return wrote !== undefined && isNewerVersion(wrote, sdkVersion)
    ? { cause: 'sdk-too-old', sdk: { here: sdkVersion, other: wrote } }
    : undefined;
}
