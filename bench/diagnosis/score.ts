import { isBreak } from '../../src/model/outcome.js';
import type { Edit } from './edits/edit.js';
import type { EditAnswer, GateAnswer } from './gate-run.js';
import { wilson } from './wilson.js';

/** What really happened when a worker with the edit took over. */
export type Truth =
  | { readonly kind: 'breaks'; readonly cause: string; readonly message: string }
  | { readonly kind: 'fails-later'; readonly message: string }
  /** The task that took over closed the execution, and nobody compared with history: that task tells nothing. */
  | { readonly kind: 'closes-at-once' }
  | { readonly kind: 'continues' }
  | { readonly kind: 'continues-differently'; readonly difference: string };

/** One execution that was taken over, and what the gate said of its history before. */
export interface Sample {
  readonly edit: Omit<Edit, 'text'>;
  readonly heldOut: boolean;
  readonly cut: number;
  readonly truth: Truth;
  readonly said: Said;
  /** What it said with the base as its baseline. */
  readonly saidWithBaseline: Said;
}

/** Of the history of this execution, and of all that there are of the edit. */
export type Said = GateAnswer & Omit<EditAnswer, 'answers'>;

/** A share with what speaks against it. Counted in edits: the histories of one edit are no independent tries. */
export interface Score {
  readonly right: number;
  readonly total: number;
  readonly misses: readonly Sample[];
}

/** The questions that are asked of the gate, of samples and never of averages. */
export const QUESTIONS = {
  /** Of edits that break an execution: whether each that breaks is red. */
  'breaks is red': {
    target: 1,
    asks: ({ truth }) => truth.kind === 'breaks',
    isRight: isRed,
  },
  /** Of edits with which an execution goes on: whether none of those is red. */
  'continues is not red': {
    target: 1,
    asks: ({ truth }) => truth.kind !== 'breaks' && truth.kind !== 'closes-at-once',
    isRight: (sample) => sample.said.outcome.kind === 'passed',
  },
  'line right': {
    target: 0.95,
    asks: (sample) => isRightlyRed(sample) && sample.edit.lines !== undefined,
    isRight: ({ edit, said: { location } }) =>
      location?.file === edit.file && edit.lines?.has(location.line) === true,
  },
  'cause right': {
    target: 0.9,
    asks: isRightlyRed,
    isRight: ({ edit, said: { cause } }) => cause !== undefined && edit.causes.includes(cause),
  },
  /** Of edits that break something, closed executions among it: whether the report tells one finding. */
  'one finding': {
    target: 0.95,
    asks: ({ said }) => said.findings.length > 0,
    isRight: ({ said }) => said.findings.length === 1,
  },
  /**
   * Of edits with which an execution that was taken over goes on in another way, whether the gate says so:
   * by drift, or because an execution that is past that place already is red.
   */
  'difference told': {
    target: 0.9,
    asks: (sample) => sample.truth.kind === 'continues-differently' && !isRed(sample),
    isRight: ({ said }) => said.drift.length > 0 || said.closedIsRed,
  },
  /** Of edits that change nothing, whether nothing is told. */
  'nothing told of nothing': {
    target: 1,
    asks: ({ edit }) => edit.equivalent,
    isRight: ({ said }) => said.drift.length === 0 && !said.closedIsRed,
  },
  /** Of edits that break, with a baseline: whether an edit is offered that is proven. Go and Java have another target. */
  'fix proven': {
    target: 0.6,
    asks: (sample) => sample.said.proof !== undefined && isRightlyRed(sample),
    isRight: ({ said }) => said.proof !== undefined && said.proof.offered.length > 0,
  },
  /** Whether all histories of the edit pass with what is offered, and a real worker takes over with it. */
  'proven fix holds': {
    target: 1,
    asks: ({ said }) => said.proof !== undefined && said.proof.offered.length > 0,
    isRight: ({ said }) => said.proof?.notPassing.length === 0,
  },
} as const satisfies Record<
  string,
  { target: number; asks: (sample: Sample) => boolean; isRight: (sample: Sample) => boolean }
>;

export type Question = keyof typeof QUESTIONS;

function isRightlyRed(sample: Sample): boolean {
  const { kind } = sample.truth;
  return (kind === 'breaks' || kind === 'closes-at-once') && isRed(sample);
}

function isRed({ said }: Sample): boolean {
  return isBreak(said.outcome);
}

/** An edit counts as right when all of its histories that the question concerns are. */
export function scoreOf(question: Question, samples: readonly Sample[]): Score {
  const { asks, isRight } = QUESTIONS[question];
  const asked = samples.filter(asks);
  const misses = asked.filter((sample) => !isRight(sample));
  const edits = new Set(asked.map(({ edit }) => edit.id));
  const missed = new Set(misses.map(({ edit }) => edit.id));
  return { right: edits.size - missed.size, total: edits.size, misses };
}

/** Nothing asked is nothing shown. */
export function isHeld({ right, total }: Score, target: number): boolean {
  return total > 0 && right / total >= target;
}

/** In Go and Java more of what breaks cannot be written as a branch. */
const TARGET_WHERE_COMPILED = 0.4;

export function targetOf(question: Question, samples: readonly Sample[]): number {
  const isCompiled = samples.some(({ edit }) => /\.(?:go|java)$/u.test(edit.file));
  return question === 'fix proven' && isCompiled
    ? TARGET_WHERE_COMPILED
    : QUESTIONS[question].target;
}

/** The questions that can be asked: without a baseline nobody asks for a fix. */
export function questionsOf(samples: readonly Sample[]): Question[] {
  const isProofAsked = samples.some(({ said }) => said.proof !== undefined);
  return (Object.keys(QUESTIONS) as Question[]).filter(
    (question) => isProofAsked || !(question === 'fix proven' || question === 'proven fix holds'),
  );
}

export function shareWords({ right, total }: Pick<Score, 'right' | 'total'>): string {
  if (total === 0) return '–';
  const { low, high } = wilson(right, total);
  return `${right}/${total} ${percent(right / total)} [${percent(low)}, ${percent(high)}]`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share === 1 || share === 0 ? 0 : 1)} %`;
}
