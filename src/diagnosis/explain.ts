import type { Divergence, EventDescription } from '../model/finding.js';
import { truncate } from '../untrusted/readable.js';
import { parseSdkMessage } from './sdk-message.js';

interface Context {
  readonly workflowType: string;
  readonly divergence: Divergence;
  /** The SDK's words; parsed, never shown raw. */
  readonly message: string;
  /** Whether a Worker Deployment routes the executions, so that a new version need not spare them. */
  readonly inDeployment: boolean;
}

/** What the code does and what history holds there, in words. Names in it are untrusted. */
export function headline(context: Context): string {
  const { divergence } = context;
  switch (divergence.kind) {
    case 'differs':
      return `The code issues ${divergence.command} here, where history holds ${inHistory(divergence.event)}.`;
    case 'missing-command':
      return (
        `History holds ${inHistory(divergence.event)}, which the code does not issue. ` +
        (divergence.lastAgreeing === undefined
          ? 'They part before the first command.'
          : `Both agree up to ${divergence.lastAgreeing}${divergence.location === undefined ? '' : ', issued here'}.`)
      );
    case 'extra-command':
      return (
        `The code issues ${divergence.command} here, where history holds no further command in that ` +
        `workflow task (started by event ${divergence.taskStartedEventId})` +
        (divergence.next === undefined ? '.' : ` and goes on with ${inHistory(divergence.next)}.`)
      );
    case 'threw':
      return isUnregistered(context.message)
        ? `The code registers no workflow type ${context.workflowType}, but executions of it exist.`
        : `The code throws while it replays: ${truncate(parseSdkMessage(context.message).words, 400)}`;
    case 'unlocated':
      return divergence.event === undefined
        ? `The code's commands do not match history: ${truncate(parseSdkMessage(context.message).words, 400)}`
        : `The code's commands do not match history at ${inHistory(divergence.event)}.`;
  }
}

/** The next step for the author. */
export function remedy(context: Context): string {
  const { divergence } = context;
  const newDefault = context.inDeployment
    ? 'or take the claim out and see to it that these executions stay on their version: only pinned ' +
      'ones do, the others move to whatever version is current'
    : 'or take the claim out of the title and deploy this version as a new default, so that running ' +
      'executions stay on the old one';
  const removedPatch = patchInHistory(divergence);
  if (removedPatch !== undefined) {
    return (
      `Executions took the branch of patched('${removedPatch}') and recorded it: keep asking for it, or ` +
      `call deprecatePatch('${removedPatch}') once no running execution is older than the patch, ${newDefault}.`
    );
  }
  switch (divergence.kind) {
    case 'differs':
    case 'extra-command':
      return (
        'Run the new code only in executions that have not passed this point: put it behind ' +
        `if (patched('a-name-for-this-change')) and keep the old code in the other branch, ${newDefault}.`
      );
    case 'missing-command':
      return (
        `Keep issuing ${divergence.event.words} in executions that already did: leave the old code in the ` +
        `branch where patched('a-name-for-this-change') is false, ${newDefault}.`
      );
    case 'threw':
      return isUnregistered(context.message)
        ? `Export ${context.workflowType} from the workflow module until its last execution is closed, ${newDefault}.`
        : `A worker with this code would fail the workflow task and retry it for ever: make the code accept ` +
            `what running executions hold, ${newDefault}.`;
    case 'unlocated':
      return `Compare the workflow code with the version that runs, and put what changed behind patched(), ${newDefault}.`;
  }
}

/** The patch whose marker history holds at the divergence: the code no longer asks for it. */
function patchInHistory(divergence: Divergence): string | undefined {
  if (divergence.kind !== 'differs' && divergence.kind !== 'missing-command') return undefined;
  return /^patch (.+)$/u.exec(divergence.event.words)?.[1];
}

/** The SDK's words for a workflow type that the bundle does not export. */
function isUnregistered(message: string): boolean {
  return /no such function is exported|not registered|no workflow.*registered/iu.test(message);
}

function inHistory(event: EventDescription): string {
  return `${event.words} (event ${event.eventId}, ${event.type})`;
}
