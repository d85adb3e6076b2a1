import type { SourceLocation } from './source-location.js';
import type { Cause } from './cause.js';
import { isOpen, type Execution } from './execution.js';
import type { Proof } from './proof.js';
import type { TimelineRow } from './timeline.js';

/** How much a finding matters; see docs/semantics.md. */
export type Weight =
  | { readonly kind: 'decisive'; readonly reason: string }
  | { readonly kind: 'historical'; readonly reason: string }
  /** It hits running executions, all pinned to a version that nobody claims: they do not move to this code. */
  | { readonly kind: 'pinned'; readonly reason: string }
  /** `otherwise`: what it would weigh if the baseline did not break. */
  | {
      readonly kind: 'pre-existing';
      readonly reason: string;
      readonly otherwise: 'decisive' | 'historical' | 'pinned';
    };

/** What the baseline does with a history that breaks on the code under test. */
export type BaselineRelation =
  /** The baseline replays it: this change broke it. */
  | 'introduced'
  /** It breaks on the baseline in the same way. */
  | 'pre-existing'
  /** It breaks on the baseline too, in another way. */
  | 'fails-otherwise'
  /** Not known: it was not replayed on the baseline, or could not be judged. */
  | 'not-compared';

/** The same place of history on the baseline, which is the code before this change. */
export interface BaselineView {
  readonly relation: BaselineRelation;
  /** What the baseline does there. Names in it are untrusted. */
  readonly words: string;
  /** Relative to the baseline's root. */
  readonly location?: SourceLocation;
}

/** One event of history, in words for readers who do not know the SDK. */
export interface EventDescription {
  readonly eventId: number;
  /** For example `ActivityTaskScheduled`. */
  readonly type: string;
  /** For example "activity `chargeCard`". */
  readonly words: string;
}

/** What tells two commands apart that are the same in words. Untrusted. */
export interface Apart {
  /** Their IDs, or the lengths of two timers. */
  readonly by: 'id' | 'length';
  readonly history: string;
  readonly code: string;
}

/** Where the code leads to what diverges. */
interface Located {
  readonly location?: SourceLocation;
  /** The line of a shared helper that issues the command for that place, where the helper has not changed. */
  readonly helper?: SourceLocation;
}

/** Where the code diverges from history: the recorded commands are aligned with the events. */
export type Divergence =
  /** Both have a command at this place, and the two differ. */
  | (Located & {
      readonly kind: 'differs';
      readonly event: EventDescription;
      readonly command: string;
      readonly apart?: Apart;
    })
  /** History holds a command that the code did not issue; `location` is next to where it was. */
  | (Located & {
      readonly kind: 'missing-command';
      readonly event: EventDescription;
      readonly lastAgreeing?: string;
    })
  /** The code issued a command where history holds none. */
  | (Located & {
      readonly kind: 'extra-command';
      readonly command: string;
      /** Event ID of the start of the workflow task in which it happened. */
      readonly taskStartedEventId: number;
      /** The next command that history holds, in a later workflow task. */
      readonly next?: EventDescription;
    })
  /** The code under test threw, or could not start the workflow. */
  | (Located & { readonly kind: 'threw' })
  /**
   * The SDK says that it diverged; the record does not show where. `event` is the SDK's, if it named one. `location` is
   * the last command of the record.
   */
  | {
      readonly kind: 'unlocated';
      readonly event?: EventDescription;
      readonly location?: SourceLocation;
    };

/**
 * Whether every running execution that a finding hits is pinned to its version. Pinned executions do
 * not move to other code by themselves; somebody must move them.
 */
export function hitsPinnedOnly({ executions }: Pick<FindingGroup, 'executions'>): boolean {
  const open = executions.filter(isOpen);
  return open.length > 0 && open.every((execution) => execution.group === 'pinned');
}

/** The lines at the two places, without the space around them. Untrusted. */
export interface SourceLines {
  /** Of the code under test. */
  readonly code?: string;
  readonly baseline?: string;
}

/** What lets the executions go on, as code. Untrusted: it holds lines and names of the code under test. */
export interface Fix {
  /** As a fenced block of Markdown names it. */
  readonly language: string;
  readonly code: string;
}

/** Executions in which one root cause shows in the same way. */
export interface FindingGroup {
  readonly outcome: 'nondeterministic' | 'task-failed';
  readonly workflowType: string;
  readonly cause: Cause;
  readonly divergence: Divergence;
  /** One or two sentences: what the code does, what history holds. */
  readonly headline: string;
  /** The recorded replay of one of the executions; empty where none was recorded. */
  readonly timeline: readonly TimelineRow[];
  readonly weight: Weight;
  /** Only where there is a baseline. */
  readonly baseline?: BaselineView;
  readonly lines?: SourceLines;
  readonly executions: readonly Execution[];
}

/**
 * One root cause, and every execution that it hits. Where it shows in several ways, it is told as the first group is,
 * and weighs what the heaviest group weighs.
 */
export interface Finding extends FindingGroup {
  /** The next step for the author. */
  readonly remedy: string;
  /** Absent where the remedy is told in words alone. */
  readonly fix?: Fix;
  /** An edit with which its executions pass; absent where none could be proven. */
  readonly proof?: Proof;
  /** So many edits were tried, and none lets all of them pass; absent where one does, or none was tried. */
  readonly editsTried?: number;
  /** Two or more, each with its own executions; absent where it shows in one way. */
  readonly groups?: readonly FindingGroup[];
}

/** The ways in which a root cause shows: one, or several. */
export function groupsOf(finding: Finding): readonly FindingGroup[] {
  return finding.groups ?? [finding];
}

/** Whether running executions break, whoever caused it. */
export function harmsRunning({ weight }: Pick<FindingGroup, 'weight'>): boolean {
  return (
    weight.kind === 'decisive' ||
    (weight.kind === 'pre-existing' && weight.otherwise === 'decisive')
  );
}
