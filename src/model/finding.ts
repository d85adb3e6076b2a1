import type { SourceLocation } from './source-location.js';
import type { Cause } from './cause.js';
import { isOpen, type Execution } from './execution.js';
import type { TimelineRow } from './timeline.js';

/** How much a finding matters; see docs/semantics.md. */
export type Weight =
  | { readonly kind: 'decisive'; readonly reason: string }
  | { readonly kind: 'historical'; readonly reason: string }
  /** `otherwise`: what it would weigh if the baseline did not break. */
  | {
      readonly kind: 'pre-existing';
      readonly reason: string;
      readonly otherwise: 'decisive' | 'historical';
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

/** Where the code diverges from history: the recorded commands are aligned with the events. */
export type Divergence =
  /** Both have a command at this place, and the two differ. */
  | {
      readonly kind: 'differs';
      readonly event: EventDescription;
      readonly command: string;
      readonly location?: SourceLocation;
    }
  /** History holds a command that the code did not issue; `location` is the last agreeing command. */
  | {
      readonly kind: 'missing-command';
      readonly event: EventDescription;
      readonly lastAgreeing?: string;
      readonly location?: SourceLocation;
    }
  /** The code issued a command where history holds none. */
  | {
      readonly kind: 'extra-command';
      readonly command: string;
      readonly location?: SourceLocation;
      /** Event ID of the start of the workflow task in which it happened. */
      readonly taskStartedEventId: number;
      /** The next command that history holds, in a later workflow task. */
      readonly next?: EventDescription;
    }
  /** The code under test threw, or could not start the workflow. */
  | { readonly kind: 'threw'; readonly location?: SourceLocation }
  /** The SDK says that it diverged; the record does not show where. `event` is the SDK's, if it named one. */
  | { readonly kind: 'unlocated'; readonly event?: EventDescription };

/**
 * Whether every running execution that a finding hits is pinned to its version. Pinned executions do
 * not move to other code by themselves; somebody must move them.
 */
export function hitsPinnedOnly({ executions }: Pick<Finding, 'executions'>): boolean {
  const open = executions.filter(isOpen);
  return open.length > 0 && open.every((execution) => execution.group === 'pinned');
}

/** One root cause, and every execution that it hits. */
export interface Finding {
  readonly outcome: 'nondeterministic' | 'task-failed';
  readonly workflowType: string;
  readonly cause: Cause;
  readonly divergence: Divergence;
  /** One or two sentences: what the code does, what history holds. */
  readonly headline: string;
  /** The next step for the author. */
  readonly remedy: string;
  /** The recorded replay of one of the executions; empty where none was recorded. */
  readonly timeline: readonly TimelineRow[];
  readonly weight: Weight;
  /** Only where there is a baseline. */
  readonly baseline?: BaselineView;
  readonly executions: readonly Execution[];
}

/** Whether running executions break, whoever caused it. */
export function harmsRunning({ weight }: Pick<Finding, 'weight'>): boolean {
  return (
    weight.kind === 'decisive' ||
    (weight.kind === 'pre-existing' && weight.otherwise === 'decisive')
  );
}
