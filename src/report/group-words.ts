import type { ExecutionGroup } from '../model/execution.js';

/** What a group of executions is, in a few words. */
export function groupWords(group: ExecutionGroup): string {
  switch (group) {
    case 'auto-upgrade':
      return 'auto-upgrade, running: they move to new code at their next workflow task';
    case 'no-behavior':
      return "without a behavior, running on the deployment's task queues: they move too";
    case 'pinned':
      return 'pinned to the named version, running: they do not move by themselves';
    case 'closed':
      return 'closed executions of live versions, as predictors';
  }
}
