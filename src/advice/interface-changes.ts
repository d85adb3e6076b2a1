import type { Advice } from '../model/advice.js';
import { toldDrift } from '../model/drift.js';
import { groupsOf } from '../model/finding.js';

/** In which way the code no longer takes what others send to it, or sends to others what they do not expect. */
export interface InterfaceChange {
  readonly workflowTypes: readonly string[];
  /** Untrusted. */
  readonly words: string;
}

/** What shows that the interface of a workflow has changed: its type, its handlers, the inputs between workflows. */
export function interfaceChanges({ versions }: Pick<Advice, 'versions'>): InterfaceChange[] {
  const changes = new Map<string, InterfaceChange>();
  const add = (change: InterfaceChange): void =>
    void changes.set(`${change.workflowTypes.join()} ${change.words}`, change);
  for (const { report } of versions) {
    for (const { cause, workflowType, headline } of report.findings.flatMap(groupsOf)) {
      if (CAUSES.has(cause)) add({ workflowTypes: [workflowType], words: headline });
    }
    for (const { kind, workflowTypes, command, field = '' } of toldDrift(report.drift ?? NONE)) {
      if (kind !== 'field' || !isInterface(command, field)) continue;
      add({ workflowTypes, words: `The ${field} of ${command} differs from what history holds.` });
    }
  }
  return [...changes.values()];
}

const NONE = { differences: [] };

const CAUSES: ReadonlySet<string> = new Set([
  'workflow-type-missing',
  'signal-handler-missing',
  'update-handler-missing',
  'payload-not-decodable',
]);

/** Whether a field carries what another workflow takes as its input, or what callers get. */
function isInterface(command: string, field: string): boolean {
  return /^(?:child workflow |continue-as-new|signal .* to another workflow)/u.test(command)
    ? field.startsWith('argument')
    : command === "the workflow's completion" && field.startsWith('result');
}
