import type { VersionLeft } from '../engine/history-reader.js';
import type { Cause } from '../model/cause.js';
import type { Apart, Divergence, EventDescription } from '../model/finding.js';
import type { SourceLocation } from '../model/source-location.js';
import { truncate } from '../untrusted/readable.js';
import { branchWords } from './branches.js';
import { idiomOf, type Idiom } from './idiom.js';
import type { SdkVersions } from '../model/sdk-version.js';

interface Shown {
  readonly workflowType: string;
  readonly cause: Cause;
  readonly divergence: Divergence;
  /** What came before the divergence and explains it; a sentence. */
  readonly origin?: string | undefined;
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
  /** Where a patch is the cause: its ID. */
  readonly patch?: string | undefined;
}

/** What the code does and what history holds there, in words. Names in it are untrusted. */
export function headline(shown: Shown): string {
  if (shown.cause !== 'nondeterministic-source') return difference(shown);
  const parts = 'The code does not issue the same commands in each replay of one history.';
  return shown.divergence.kind === 'threw'
    ? `${parts} Some of the replays throw.`
    : `${parts} In one of them: ${difference(shown)}`;
}

function difference(shown: Shown): string {
  const { origin, workflowType, divergence, words, isUnregisteredType } = shown;
  if (origin !== undefined) return [truncate(origin, 400), ...consequence(divergence)].join(' ');
  switch (divergence.kind) {
    case 'differs':
      return (
        `The code issues ${apart(divergence.command, divergence.apart, 'code')} here${byHelper(divergence)}, where ` +
        `history holds ${apart(divergence.event.words, divergence.apart, 'history')} ${where(divergence.event)}.`
      );
    case 'missing-command':
      return (
        `History holds ${inHistory(divergence.event)}, which the code does not issue. ` +
        (divergence.lastAgreeing === undefined
          ? 'They diverge before the first command.'
          : `Both agree up to ${divergence.lastAgreeing}${divergence.location === undefined ? '' : ', issued here'}.`)
      );
    case 'extra-command':
      return (
        `The code issues ${divergence.command} here${byHelper(divergence)}, where history holds no further command in that ` +
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

/** What follows from what came before: its place is not the one that the finding points at. */
function consequence(divergence: Divergence): string[] {
  switch (divergence.kind) {
    case 'differs':
      return [
        `So the code issues ${divergence.command}, where history holds ${inHistory(divergence.event)}.`,
      ];
    case 'missing-command':
      return [`So the code does not issue ${inHistory(divergence.event)}, which history holds.`];
    case 'extra-command':
      return [
        `So the code issues ${divergence.command}, where history holds no further command in that workflow task ` +
          `(started by event ${divergence.taskStartedEventId}).`,
      ];
    case 'threw':
    case 'unlocated':
      return [];
  }
}

/** The next step for the author: how running executions can go on. */
export function remedy(finding: Mendable): string {
  return `${mending(finding)}.`;
}

/** The same for executions that have recorded a patch which is gone, and for those from before it. */
export function remedyOfRemovedPatch(patch: string, language: string | undefined): string {
  const idiom = idiomOf(language);
  return (
    `Put the patch back: ${branchWords('both', patch, idiom)}. Executions that recorded it need the new code, and those from before ` +
    `it the old code. Then ${idiom.deprecate(patch)} once no running execution is older than the patch.`
  );
}

function mending({
  cause,
  divergence,
  workflowType,
  language,
  sdk,
  versionLeft,
  patch = patchIn('event' in divergence ? divergence.event.words : undefined),
}: Mendable): string {
  const held = 'event' in divergence ? divergence.event.words : undefined;
  const issued = 'command' in divergence ? divergence.command : undefined;
  const idiom = idiomOf(language);
  switch (cause) {
    case 'command-added':
      return `Run ${issued ?? 'the new code'} only in executions that have not passed this point: put it into ${branchWords('new', patchFor(issued), idiom)}`;
    case 'command-removed':
      return `Keep ${held ?? 'the old code'} for executions that already ran it: put it back as ${branchWords('old', patchFor(held), idiom)}`;
    case 'command-replaced':
    case 'commands-reordered':
    case 'command-moved':
    case 'workflow-ends-earlier':
    case 'workflow-ends-otherwise':
      return (
        'Run the new code only in executions that have not passed this point: ' +
        branchWords('both', patchFor(issued ?? held), idiom)
      );
    case 'workflow-ends-later':
      return `Let executions that have ended here end: put what the code does now into ${branchWords('new', patchFor(issued), idiom)}`;
    case 'identifier-differs':
      return `${whyMoved(divergence, idiom)}Give ${held ?? 'it'} the ID that history holds: an ID must be made from what replays the same, such as the Workflow ID or the arguments`;
    case 'patch-removed':
      if (!held?.startsWith('patch ')) return remedyOfRemovedPatch(patch, language).slice(0, -1);
      return (
        `Executions took the branch of ${idiom.ask(patch)} and recorded it: keep asking for it, or ` +
        `${idiom.deprecate(patch)} once no running execution is older than the patch`
      );
    case 'patch-renamed':
      return `Keep the ID of the patch: executions have recorded ${idiom.ask(patch)}, and another ID is another patch`;
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
        'This code does not issue the same commands in each replay of the same history: find what replay cannot ' +
        `repeat (${idiom.chance}, a clock or random numbers that are not the SDK's, shared state, input or output), and ` +
        'give it a fixed order, or move it into an activity'
      );
    case 'workflow-type-missing':
      return `${idiom.register(workflowType)} until its last execution is closed`;
    case 'workflow-threw':
      return (
        'A worker with this code would fail the workflow task and retry it for ever: make the code accept ' +
        'what running executions hold'
      );
    case 'payload-not-decodable':
      return (
        'Let the code take what running executions hold: keep the type that reads it, or make the changed one read it ' +
        `too; or, if the worker has a converter that the replay lacks, ${idiom.replayOptions(idiom.converter)}`
      );
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

const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/iu;

/** Why an ID moves that the SDK draws or counts; empty where nothing shows that it does. */
function whyMoved(divergence: Divergence, { drawnId }: Idiom): string {
  const told = divergence.kind === 'differs' ? divergence.apart : undefined;
  if (told?.by !== 'id') return '';
  const [held, now] = [told.history, told.code];
  const isCounted = held !== now && held.replace(/\d+$/u, '') === now.replace(/\d+$/u, '');
  const isDrawn =
    UUID.test(held) && UUID.test(now) && held.replace(UUID, '') === now.replace(UUID, '');
  if (isDrawn) {
    return (
      `An ID from ${drawnId} moves with every further one that the code draws before it, also one that is asked ` +
      'for in a query. '
    );
  }
  return isCounted
    ? 'A number that is counted up, as in the IDs that an SDK makes by itself, moves with every further one before it. '
    : '';
}

/** A patch ID that names the changed command. Names are untrusted: only letters and digits stay. */
export function patchFor(words: string | undefined): string {
  const name = (words ?? '')
    .replace(/^(?:an?|the|activity|local activity|child workflow|signal|patch) /u, '')
    .replace(/([a-z\d])([A-Z])/gu, '$1-$2')
    .replace(/[^A-Za-z\d]+/gu, '-')
    .replace(/^-|-$/gu, '')
    .toLowerCase()
    .slice(0, 40);
  return name === '' ? 'this-change' : `change-${name}`;
}

export function patchIn(words: string | undefined): string {
  return /^patch (.+)$/u.exec(words ?? '')?.[1] ?? '';
}

function inHistory(event: EventDescription): string {
  return `${event.words} ${where(event)}`;
}

function where({ eventId, type }: EventDescription): string {
  return `(event ${eventId}, ${type})`;
}

/** A command, with what tells it apart from the other one. */
function apart(words: string, told: Apart | undefined, side: 'history' | 'code'): string {
  if (told === undefined) return words;
  return told.by === 'id' ? `${words} with ID ${told[side]}` : `${words} of ${told[side]}`;
}

/** The line that issues a command for the place that is told. */
function byHelper({ helper }: { readonly helper?: SourceLocation }): string {
  return helper === undefined ? '' : ` (by ${helper.file}:${helper.line})`;
}
