import type { Cause } from '../model/cause.js';
import type { Divergence } from '../model/finding.js';
import type { SourceLocation } from '../model/source-location.js';
import { stepOf } from './passed-histories.js';
import type { DivergingReplay } from './divergence.js';
import { isNoPatch, isPatch } from './kinds-of-commands.js';
import type { Locator } from './divergence-of.js';
import { key, place, placeIn, type Roots } from './root.js';
import { HANDLED, lostName } from './missing-handler.js';

/** Causes that lie in what the code issues: its line is what is to be guarded. */
const BY_LINE: ReadonlySet<Cause> = new Set([
  'command-added',
  'command-replaced',
  'command-moved',
  'commands-reordered',
  'identifier-differs',
  'workflow-ends-later',
  'workflow-ends-otherwise',
]);

/** Causes that lie in what the code no longer does. */
const BY_GAP: ReadonlySet<Cause> = new Set([
  'command-removed',
  'command-replaced',
  'command-moved',
  'workflow-ends-earlier',
]);

const PATCHES: ReadonlySet<Cause> = new Set([
  'patch-removed',
  'patch-renamed',
  'patch-deprecated-early',
]);

/** What tells the roots of a replay that diverged, beside the replay. */
export interface RootClues {
  readonly workflowType: string;
  readonly cause: Cause;
  readonly divergence: Divergence;
  /** The patch that the code does not ask for any more, or asks for otherwise. */
  readonly patch: string | undefined;
  /** Where the baseline issues what history holds. */
  readonly onBaseline: SourceLocation | undefined;
  readonly locate: Locator;
}

/**
 * The roots of a replay that diverged: the line that issues what history does not hold; the line of the baseline that
 * is gone, or without a baseline the line behind which it was; the patch; the handler.
 */
export function rootsOf(replay: DivergingReplay, clues: RootClues): Roots {
  const { workflowType, cause, divergence, patch, onBaseline } = clues;
  const { mismatch, fateOf } = replay;
  const kind = HANDLED[cause];
  const lost = kind === undefined ? undefined : lostName(replay, kind);
  if (lost !== undefined) return { own: [key('handler', workflowType, kind, lost)], maybe: [] };
  const own: string[] = [];
  const maybe: string[] = [];
  const at = placeIn(divergence);
  const issued = 'command' in divergence ? divergence.command : '';
  if (at !== undefined && issued !== '') {
    // A command that is new at this line explains each history that does not hold it.
    if (BY_LINE.has(cause)) own.push(key('issued', at, issued));
    else maybe.push(key('issued', at, issued));
  }
  const held = mismatch.kind === 'extra' ? mismatch.next : mismatch.expected;
  const fate = held === undefined ? undefined : fateOf(held);
  if (BY_GAP.has(cause) && held !== undefined) {
    if (fate === undefined) {
      own.push(key('gone-behind', workflowType, behind(replay, clues), stepOf(held)));
      // The old branch of a patch goes with the patch.
      if (at !== undefined) maybe.push(key('old-branch', workflowType, at, issued));
    } else if (fate !== 'there' && onBaseline !== undefined) {
      own.push(key('gone', place(onBaseline)));
    }
  }
  if (PATCHES.has(cause) && patch !== undefined) {
    own.push(key('patch', workflowType, patch));
    if (at !== undefined && goesOnWithoutPatch(replay)) {
      own.push(key('old-branch', workflowType, at, issued));
    }
  }
  return { own, maybe };
}

/** Whether history and code agree again behind the patch that history holds. */
function goesOnWithoutPatch({ mismatch, remainder }: DivergingReplay): boolean {
  const [after] = remainder.expected.filter(isNoPatch);
  return mismatch.kind === 'differs'
    ? after !== undefined && stepOf(after) === stepOf(mismatch.issued)
    : remainder.expected.slice(0, remainder.expectedInTask).every(isPatch);
}

/** Where what is gone once was: behind the last command on which both agree. */
function behind({ mismatch }: DivergingReplay, { locate }: RootClues): string {
  const { lastAgreeing } = mismatch;
  if (lastAgreeing === undefined) return '';
  const { location } = locate(lastAgreeing);
  return `${location === undefined ? '' : place(location)} ${stepOf(lastAgreeing)}`;
}
