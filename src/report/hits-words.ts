import { isOpen } from '../model/execution.js';
import { groupsOf, hitsPinnedOnly, type Finding } from '../model/finding.js';

/**
 * How many executions break, the running ones first.
 *
 * @param types names of workflow types; none: they are told elsewhere
 */
export function hitsWords(
  { executions }: Pick<Finding, 'executions'>,
  types: readonly string[] = [],
): string {
  const of = types.length === 0 ? '' : ` of ${types.join(', ')}`;
  const open = executions.filter(isOpen).length;
  const closed = executions.length - open;
  if (open === 0) {
    return `No running execution${of} breaks; ${closed === 1 ? '1 closed one does' : `${closed} closed ones do`}.`;
  }
  const running =
    open === 1 ? `1 running execution${of} breaks` : `${open} running executions${of} break`;
  if (closed === 0) return `${running}.`;
  return `${running}, and ${closed === 1 ? '1 closed one' : `${closed} closed ones`}.`;
}

/** The same after the words of a pinned finding, which are not red by themselves. */
export function pinnedWords(finding: Pick<Finding, 'executions'>): string {
  return hitsPinnedOnly(finding)
    ? ' The running ones are pinned to their version and do not move to this code by themselves.'
    : '';
}

/** The workflow types that a finding concerns, the first one first. */
export function typesOf(finding: Finding): string[] {
  return [...new Set(groupsOf(finding).map(({ workflowType }) => workflowType))];
}
