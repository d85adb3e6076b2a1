import type { VersionLeft } from '../engine/history-reader.js';
import type { Cause } from '../model/cause.js';
import type { Divergence, EventDescription } from '../model/finding.js';
import { truncate } from '../untrusted/readable.js';
import { idiomOf } from './idiom.js';
import type { SdkVersions } from '../model/sdk-version.js';

interface Shown {
  readonly workflowType: string;
  readonly divergence: Divergence;
  /** The SDK's words; parsed, never raw. */
  readonly words: string;
  /** Whether they say that the code registers no such workflow type. */
  readonly isUnregisteredType: boolean;
}

interface Mendable {
  readonly workflowType: string;
  readonly cause: Cause;
  readonly divergence: Divergence;
  /** As the replayer names it. */
  readonly language: string | undefined;
  /** Where the SDK is the cause: the code's version and the other one. */
  readonly sdk?: SdkVersions | undefined;
  /** Where the code no longer takes a version: which one. */
  readonly versionLeft?: VersionLeft | undefined;
  /** What to do if the code is not meant to take over these executions. */
  readonly wayOut: string;
}

/** What the code does and what history holds there, in words. Names in it are untrusted. */
export function headline({ workflowType, divergence, words, isUnregisteredType }: Shown): string {
  switch (divergence.kind) {
    case 'differs':
      return `The code issues ${divergence.command} here, where history holds ${inHistory(divergence.event)}.`;
    case 'missing-command':
      return (
        `History holds ${inHistory(divergence.event)}, which the code does not issue. ` +
        (divergence.lastAgreeing === undefined
          ? 'They diverge before the first command.'
          : `Both agree up to ${divergence.lastAgreeing}${divergence.location === undefined ? '' : ', issued here'}.`)
      );
    case 'extra-command':
      return (
        `The code issues ${divergence.command} here, where history holds no further command in that ` +
        `workflow task (started by event ${divergence.taskStartedEventId})` +
        (divergence.next === undefined ? '.' : ` and goes on with ${inHistory(divergence.next)}.`)
      );
    case 'threw':
      return isUnregisteredType
        ? `The code registers no workflow type ${workflowType}, but executions of it exist.`
        : `The code throws while it replays: ${truncate(words, 400)}`;
    case 'unlocated':
      return divergence.event === undefined
        ? `The code's commands do not match history: ${truncate(words, 400)}`
        : `The code's commands do not match history at ${inHistory(divergence.event)}.`;
  }
}

/** The next step for the author: how running executions can go on, and what to do otherwise. */
export function remedy(finding: Mendable): string {
  return `${mending(finding)}, ${finding.wayOut}`;
}

function mending({
  cause,
  divergence,
  workflowType,
  language,
  sdk,
  versionLeft,
}: Mendable): string {
  const held = 'event' in divergence ? divergence.event.words : undefined;
  const issued = 'command' in divergence ? divergence.command : undefined;
  const idiom = idiomOf(language);
  switch (cause) {
    case 'command-added':
      return `Run ${issued ?? 'the new code'} only in executions that have not passed this point: put it into ${idiom.onlyNew(patchFor(issued))}`;
    case 'command-removed':
      return `Keep ${held ?? 'the old code'} for executions that already ran it: put it back as ${idiom.onlyOld(patchFor(held))}`;
    case 'command-replaced':
    case 'commands-reordered':
    case 'command-moved':
    case 'workflow-ends-earlier':
    case 'workflow-ends-otherwise':
      return (
        'Run the new code only in executions that have not passed this point: ' +
        idiom.newOrOld(patchFor(issued ?? held))
      );
    case 'workflow-ends-later':
      return `Let executions that have ended here end: put what the code does now into ${idiom.onlyNew(patchFor(issued))}`;
    case 'identifier-differs':
      return `Give ${held ?? 'it'} the ID that history holds: an ID must be made from what replays the same, such as the Workflow ID or the arguments`;
    case 'patch-removed':
      return (
        `Executions took the branch of ${idiom.ask(patchIn(held))} and recorded it: keep asking for it, or ` +
        `${idiom.deprecate(patchIn(held))} once no running execution is older than the patch`
      );
    case 'patch-renamed':
      return `Keep the ID of the patch: executions have recorded ${idiom.ask(patchIn(held))}, and another ID is another patch`;
    case 'patch-deprecated-early':
      return (
        'Executions from before the patch are still running: ask for the patch and put the old branch back, and ' +
        'deprecate the patch when the last of them has closed'
      );
    case 'version-range-left':
      return (
        `Keep version ${versionLeft?.version ?? 'that history holds'} of ${versionLeft?.id ?? 'the change'} in the range that the code ` +
        'asks for, with its branch, until the last running execution that recorded it has closed'
      );
    case 'signal-handler-missing':
      return 'Keep the handler of the signal that history holds, under its name, until the last execution that received it has closed';
    case 'update-handler-missing':
      return 'Keep the handler of the update that history holds, under its name, until the last execution that received it has closed';
    case 'nondeterministic-source':
      return (
        'This code issued different commands in five replays of the same history: find what it reads that replay ' +
        "cannot repeat (a clock or random numbers that are not the SDK's, shared state, input or output), " +
        'and move it into an activity'
      );
    case 'workflow-type-missing':
      return `${idiom.register(workflowType)} until its last execution is closed`;
    case 'workflow-threw':
      return (
        'A worker with this code would fail the workflow task and retry it for ever: make the code accept ' +
        'what running executions hold'
      );
    case 'payload-not-decodable':
      return `Decode what running executions hold as their worker does: ${idiom.replayOptions(idiom.converter)}, or keep the converter that wrote it`;
    case 'setup-differs':
      return `${idiom.setup}, because the baseline breaks in the same way`;
    case 'sdk-changed':
      return (
        `The files of these commands are the same on the baseline, and the SDK is not (${sdk?.other ?? 'another'} ` +
        `there, ${sdk?.here ?? 'another'} here): stay with that SDK until these executions have closed, or look in ` +
        'its release notes for what changes commands'
      );
    case 'sdk-too-old':
      return (
        `SDK ${sdk?.other ?? 'of a newer release'} wrote these histories, and the code has ` +
        `${sdk?.here ?? 'an older one'}: use the newer one`
      );
    case 'unknown':
      return `Compare the workflow code with the version that runs, and put what changed behind a patch: ${idiom.ask('ID')}`;
  }
}

/** A patch ID that names the changed command. Names are untrusted: only letters and digits stay. */
function patchFor(words: string | undefined): string {
  const name = (words ?? '')
    .replace(/^(?:an?|the|activity|local activity|child workflow|signal|patch) /u, '')
    .replace(/([a-z\d])([A-Z])/gu, '$1-$2')
    .replace(/[^A-Za-z\d]+/gu, '-')
    .replace(/^-|-$/gu, '')
    .toLowerCase()
    .slice(0, 40);
  return name === '' ? 'this-change' : `change-${name}`;
}

function patchIn(words: string | undefined): string {
  return /^patch (.+)$/u.exec(words ?? '')?.[1] ?? '';
}

function inHistory(event: EventDescription): string {
  return `${event.words} (event ${event.eventId}, ${event.type})`;
}
