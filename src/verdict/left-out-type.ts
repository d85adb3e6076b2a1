import { isOpen } from '../model/execution.js';
import { maybeSkipped } from '../model/skipped.js';
import { sentence } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';
import type { Evidence } from './evidence.js';

/**
 * Says that executions are of a type that discovery did not find, while it left something out. Closed ones count
 * only where `closed` is `fail`: otherwise no closed execution of a type without running ones decides.
 */
export function leftOutType({
  outcomes,
  registeredTypes,
  skipped = [],
  policy,
}: Evidence): string | undefined {
  if (skipped.length === 0 || registeredTypes === undefined) return undefined;
  const unknown = outcomes.find(
    ({ kind, execution }) =>
      (kind === 'errored' || kind === 'skipped') &&
      !registeredTypes.has(execution.workflowType) &&
      (isOpen(execution) || policy.closed === 'fail'),
  );
  return unknown === undefined
    ? undefined
    : sentence(readable(maybeSkipped(unknown.execution.workflowType, skipped)));
}
