import type { EventDescription, Finding, FindingGroup, Weight } from '../../src/model/finding.js';
import type { Roots } from '../../src/diagnosis/root.js';
import { anExecution } from './executions.js';

export const DECISIVE: Weight = { kind: 'decisive', reason: 'it hits 1 running execution' };

export const HISTORICAL: Weight = {
  kind: 'historical',
  reason: 'it hits closed executions only, and all of them are of builds that are no longer live',
};

export const PINNED: Weight = {
  kind: 'pinned',
  reason:
    'it hits 1 running execution, all pinned to their version, and nobody claims that version',
};

export const PRE_EXISTING: Weight = {
  kind: 'pre-existing',
  otherwise: 'decisive',
  reason:
    'it breaks on the baseline in the same way; otherwise it would be decisive, because it hits 1 running execution',
};

export const NO_ROOTS: Roots = { own: [], maybe: [] };

export function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    outcome: 'nondeterministic',
    workflowType: 'orderWorkflow',
    cause: 'command-replaced',
    divergence: {
      kind: 'differs',
      event: anEventDescription(),
      command: 'a timer',
      location: { file: 'src/workflows/order.ts', line: 17, column: 9 },
    },
    headline:
      'The code issues a timer here, where history holds activity charge (event 5, ActivityTaskScheduled).',
    remedy: 'Run the new code only in executions that have not passed this point.',
    timeline: [],
    weight: DECISIVE,
    executions: [anExecution()],
    ...changes,
  };
}

export function aGroup(changes: Partial<FindingGroup> = {}): FindingGroup {
  const { remedy: _remedy, ...group } = aFinding(changes);
  return group;
}

export function anEventDescription(changes: Partial<EventDescription> = {}): EventDescription {
  return { eventId: 5, type: 'ActivityTaskScheduled', words: 'activity charge', ...changes };
}
