import type { HistoryReader } from '../engine/history-reader.js';
import type { TaskCompletion } from '../engine/recorded-history.js';
import type { Failure, DiagnosedFinding, Checkouts } from './failure.js';
import type { Cause } from '../model/cause.js';
import type { Execution } from '../model/execution.js';
import type { Divergence, EventDescription, Fix, SourceLines } from '../model/finding.js';
import { compared } from './change.js';
import { diagnoseOne } from './diagnose-one.js';
import type { Diagnosis } from './diagnosis.js';
import { headline, remedy } from './explain.js';
import { fixOf } from './fix.js';
import { lineAt } from './source-location.js';
import { HANDLED } from './missing-handler.js';
import type { PassedHistories } from './passed-histories.js';
import { joinRoots, key as rootKey, placeIn, scoped, type Roots } from './root.js';

/**
 * One finding for each root cause; failures that were not looked into join the one that they resemble.
 * What the baseline shares and what it does not are two findings, also at the same place.
 *
 * @param language as the replayer names it, for remedies
 * @param passed histories that pass, to see whether the path of a finding is still taken
 */
export function diagnose(
  failures: readonly Failure[],
  checkouts: Checkouts,
  reader: HistoryReader,
  language?: string,
  passed?: PassedHistories,
): DiagnosedFinding[] {
  const groups = new Map<
    string,
    {
      finding: DiagnosedFinding;
      readonly executions: Execution[];
      readonly tasks: Map<Execution, TaskCompletion>;
    }
  >();
  const both = compared(checkouts);
  const keyBySignature = new Map<string, string>();
  const inOrder = [...failures].sort(
    (a, b) =>
      Number(b.recorded !== undefined) - Number(a.recorded !== undefined) ||
      Number(b.chance !== undefined) - Number(a.chance !== undefined),
  );
  const chancePlaces = new Set<string>();
  for (const failure of inOrder) {
    const { execution, kind, message = '' } = failure.outcome;
    const relation =
      checkouts.baseline === undefined
        ? undefined
        : (failure.baseline?.relation ?? ('not-compared' as const));
    const signature = JSON.stringify([relation, failure.signature]);
    let key = failure.recorded === undefined ? keyBySignature.get(signature) : undefined;
    let { task } = failure;
    if (key === undefined || !groups.has(key)) {
      const diagnosed = withChance(diagnoseOne(failure, both, reader), failure, chancePlaces);
      task = { ...task, ...diagnosed.task };
      key = JSON.stringify([
        execution.workflowType,
        kind,
        relation,
        causeKey(diagnosed, signature),
      ]);
      const group = groups.get(key);
      const roots = joinRoots(group?.finding.roots, scoped(rootsIn(diagnosed, failure), relation));
      if (group !== undefined) group.finding = { ...group.finding, roots };
      if (group === undefined || saysMore(diagnosed, group.finding)) {
        const executions = group?.executions ?? [];
        const tasks = group?.tasks ?? new Map<Execution, TaskCompletion>();
        const lines = linesAt(diagnosed, checkouts);
        const context = {
          lines,
          workflowType: execution.workflowType,
          cause: diagnosed.cause,
          divergence: diagnosed.divergence,
          origin: diagnosed.origin,
          words: reader.readMessage(message).words,
          isUnregisteredType: reader.isUnregisteredType(message),
          versionLeft: reader.versionLeft(message),
          language,
          sdk: diagnosed.sdk,
          patch: diagnosed.patch,
        };
        groups.set(key, {
          executions,
          tasks,
          finding: {
            key,
            example: { execution, isRecorded: failure.recorded !== undefined },
            outcome: kind,
            workflowType: execution.workflowType,
            cause: diagnosed.cause,
            divergence: diagnosed.divergence,
            roots,
            ...(diagnosed.patch === undefined ? {} : { patch: diagnosed.patch }),
            headline: headline(context),
            remedy: remedy(context),
            ...(lines === undefined ? {} : { lines }),
            ...withFix(fixOf(context)),
            timeline: diagnosed.timeline,
            executions,
            divergingTasks: tasks,
            passed: passed?.cameThrough(execution.workflowType, diagnosed.agreed) ?? [],
            ...(diagnosed.baseline === undefined ? {} : { baseline: diagnosed.baseline }),
          },
        });
      }
      if (!keyBySignature.has(signature)) keyBySignature.set(signature, key);
    }
    const group = groups.get(key);
    for (const one of [execution, ...(failure.alike ?? [])]) group?.executions.push(one);
    group?.tasks.set(execution, task);
  }
  return [...groups.values()]
    .map((group) => group.finding)
    .sort((a, b) => b.executions.length - a.executions.length);
}

/**
 * One edit at the end of a workflow: executions that have ended show that the end comes later or earlier, those that
 * wait there show the command.
 */
const ONE_EDIT: Partial<Readonly<Record<Cause, 'added' | 'removed'>>> = {
  'command-added': 'added',
  'workflow-ends-later': 'added',
  'command-removed': 'removed',
  'workflow-ends-earlier': 'removed',
};

/** Whether a finding says more of one edit than another: which command it is, and not only that the end differs. */
export function saysMore(
  one: Pick<DiagnosedFinding, 'cause'>,
  other: Pick<DiagnosedFinding, 'cause'>,
): boolean {
  return isCommand(one.cause) && !isCommand(other.cause);
}

function eventOf(divergence: Divergence): EventDescription | undefined {
  return 'event' in divergence ? divergence.event : undefined;
}

function isCommand(cause: Cause): boolean {
  return cause !== 'workflow-ends-later' && cause !== 'workflow-ends-earlier';
}

/**
 * Chance at a line brings about many kinds of failures, and only some of each kind are repeated. So a failure at a line
 * where chance is proven has the same cause.
 */
function withChance(diagnosed: Diagnosis, failure: Failure, places: Set<string>): Diagnosis {
  const { cause, divergence } = diagnosed;
  if (failure.outcome.kind !== 'nondeterministic') return diagnosed;
  if (!('location' in divergence)) return diagnosed;
  const { file, line } = divergence.location;
  const place = JSON.stringify([failure.outcome.execution.workflowType, file, line]);
  if (cause === 'nondeterministic-source') places.add(place);
  return places.has(place) ? { ...diagnosed, cause: 'nondeterministic-source' } : diagnosed;
}

/** The lines of both checkouts, where they are known. */
function linesAt(
  { divergence, baseline }: Diagnosis,
  checkouts: Checkouts,
): SourceLines | undefined {
  const here = 'location' in divergence ? divergence.location : undefined;
  const code = lineAt(here, checkouts.workspace);
  const there = lineAt(baseline?.location, checkouts.baseline);
  if (code === undefined && there === undefined) return undefined;
  return {
    ...(code === undefined ? {} : { code }),
    ...(there === undefined ? {} : { baseline: there }),
  };
}

function withFix(fix: Fix | undefined): { readonly fix?: Fix } {
  return fix === undefined ? {} : { fix };
}

/** The roots of what one history shows. */
function rootsIn({ cause, divergence, origin, roots }: Diagnosis, failure: Failure): Roots {
  const at = placeIn(divergence);
  const own = (...parts: readonly unknown[]): Roots => ({ own: [rootKey(...parts)], maybe: [] });
  const { workflowType } = failure.outcome.execution;
  // One release is behind all of them, wherever they part.
  if (cause === 'sdk-changed' || cause === 'sdk-too-old') return own(cause);
  if (cause === 'workflow-type-missing') return own(cause, workflowType);
  if (roots !== undefined && cause !== 'nondeterministic-source') return roots;
  if (at !== undefined && cause !== 'unknown') return own(cause, at);
  return origin === undefined ? { own: [], maybe: [] } : own(cause, workflowType, origin);
}

/**
 * What two failures of one cause share: the place and the two things that differ there, never an ID; where
 * no place is known, the words.
 */
function causeKey({ cause, divergence, origin, roots }: Diagnosis, signature: string): unknown[] {
  const place = 'location' in divergence ? divergence.location : undefined;
  const at = place === undefined ? '' : `${place.file}:${place.line}`;
  // Two handlers may be missing at one place.
  if (HANDLED[cause] !== undefined) return [cause, at, roots?.own];
  // What follows from it differs from history to history.
  if (origin !== undefined) return [cause, place === undefined ? origin : at];
  // Such code does something else in each replay, so only the place counts.
  if (cause === 'nondeterministic-source') return [cause, at];
  const one = ONE_EDIT[cause];
  if (one === 'added' && 'command' in divergence) return [one, at, divergence.command];
  const held = divergence.kind === 'extra-command' ? divergence.next : eventOf(divergence);
  if (one === 'removed' && held !== undefined) return [one, at, held.words];
  switch (divergence.kind) {
    case 'differs':
      return [divergence.kind, at, divergence.command, divergence.event.words];
    case 'missing-command':
      return [divergence.kind, at, divergence.event.words];
    case 'extra-command':
      return [divergence.kind, at, divergence.command];
    case 'threw':
      return [divergence.kind, place === undefined ? signature : at];
    case 'unlocated':
      return [divergence.kind, divergence.event?.words ?? signature];
  }
}
