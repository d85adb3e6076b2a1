import type { TaskCompletion } from '../engine/recorded-history.js';
import { ByExecution } from '../model/coverage.js';
import { isOpen, type Execution } from '../model/execution.js';
import { isJudged, type Outcome } from '../model/outcome.js';
import { upperBound } from '../model/upper-bound.js';

/** With this confidence, no more executions stand past a point than is said. */
const CONFIDENCE = 0.95;

/**
 * How many executions stand past a point of the code at any moment, on the average of a window (Little's law): the
 * time that closed executions stayed between that point and their close, divided by the length of the window.
 */
export interface Standing {
  /** What is certain. */
  readonly atLeast: number;
  /** Executions that were not read, and points whose time is not known, count with the most that they can be. */
  readonly atMost: number;
  /** How many closed executions are known to have passed the point in the window. */
  readonly passed: number;
  /** How long those stayed on average, in milliseconds; at most, where the point's time is not known. */
  readonly meanStayMs: number;
}

export interface Closed {
  readonly listed: readonly Execution[];
  readonly outcomes: readonly Outcome[];
  /** Milliseconds since 1970: the end of the window. */
  readonly asOf: number;
  readonly windowMs: number;
}

/**
 * @param broken closed executions that diverge at the point, and whose builds are still live
 * @param canPass whether an execution that was not read could pass the point under a build that is live
 */
export function standingPast(
  broken: readonly Execution[],
  workflowType: string,
  taskOf: (execution: Execution) => TaskCompletion,
  canPass: (execution: Execution) => boolean,
  closed: Closed,
): Standing {
  const stays = broken.map((execution) => stayOf(execution, taskOf(execution), closed));
  const certain = sum(stays.map(({ atLeast }) => atLeast));
  const possible = sum(stays.map(({ atMost }) => atMost));
  const passed = stays.filter(({ atMost }) => atMost > 0).length;
  const unread = unreadPast(broken, workflowType, canPass, closed);
  return {
    atLeast: certain / closed.windowMs,
    atMost: (possible + unread) / closed.windowMs,
    passed,
    meanStayMs: passed === 0 ? 0 : possible / passed,
  };
}

interface Stay {
  readonly atLeast: number;
  readonly atMost: number;
}

/** How long an execution stood past its diverging task within the window, in milliseconds. */
function stayOf(execution: Execution, task: TaskCompletion, closed: Closed): Stay {
  if (task.closes === true) return { atLeast: 0, atMost: 0 };
  if (task.completedTime === undefined || execution.closeTime === undefined) {
    return { atLeast: 0, atMost: within(execution.startTime, execution.closeTime, closed) };
  }
  const known = within(task.completedTime, execution.closeTime, closed);
  return { atLeast: known, atMost: known };
}

/**
 * The most time that executions which were not read can have stood past the point. Each stratum of closed executions
 * (status and newest build) is judged by its own sample.
 */
function unreadPast(
  broken: readonly Execution[],
  workflowType: string,
  canPass: (execution: Execution) => boolean,
  closed: Closed,
): number {
  const judged = new ByExecution(
    closed.outcomes.filter(isJudged).map(({ execution }) => [execution, true] as const),
  );
  const isBroken = new ByExecution(broken.map((execution) => [execution, true] as const));
  const strata = new Map<string, { read: number; broken: number; unreadMs: number }>();
  for (const execution of closed.listed) {
    if (isOpen(execution) || execution.workflowType !== workflowType) continue;
    const life = within(execution.startTime, execution.closeTime, closed);
    if (life === 0 || !canPass(execution)) continue;
    const key = JSON.stringify([execution.status, execution.buildIds.at(-1)]);
    const stratum = strata.get(key) ?? { read: 0, broken: 0, unreadMs: 0 };
    strata.set(key, stratum);
    if (judged.get(execution) === true) {
      stratum.read += 1;
      if (isBroken.get(execution) === true) stratum.broken += 1;
    } else {
      stratum.unreadMs += life;
    }
  }
  return sum(
    [...strata.values()].map(({ read, broken: hit, unreadMs }) =>
      unreadMs === 0 ? 0 : unreadMs * (read === 0 ? 1 : upperBound(hit, read, CONFIDENCE)),
    ),
  );
}

/** The part of a time that lies in the window, in milliseconds. A time that is not known counts as the window's edge. */
function within(
  from: string | undefined,
  to: string | undefined,
  { asOf, windowMs }: Closed,
): number {
  const begin = Math.max(asOf - windowMs, timeOf(from) ?? Number.NEGATIVE_INFINITY);
  return Math.max(0, Math.min(asOf, timeOf(to) ?? Number.POSITIVE_INFINITY) - begin);
}

function timeOf(time: string | undefined): number | undefined {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
