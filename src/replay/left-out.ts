import { maybeSkipped, type Skipped } from '../model/skipped.js';

/** Says why a type was not found; undefined where an SDK's text says something else. */
export type LeftOut = (workflowType: string, message: string) => string | undefined;

/**
 * Discovery that left something out is not trusted: a type that is not registered may be there, so its absence is
 * no break.
 *
 * @param isUnregisteredType whether an SDK's text says that the code registers no such type
 */
export function leftOut(
  skipped: readonly Skipped[] | undefined,
  isUnregisteredType: (message: string) => boolean,
): { readonly leftOut?: LeftOut } {
  if (skipped === undefined || skipped.length === 0) return {};
  return {
    leftOut: (workflowType, message) =>
      isUnregisteredType(message) ? maybeSkipped(workflowType, skipped) : undefined,
  };
}
