import type { HistoryReader } from '../engine/history-reader.js';
import type { Failure, DiagnosedFinding, Checkouts } from './failure.js';
import type { Execution } from '../model/execution.js';
import type { Target } from '../model/target.js';
import { diagnoseOne, type Diagnosis } from './diagnose-one.js';
import { headline, remedy } from './explain.js';
import { wayOut } from './way-out.js';

/**
 * One finding for each root cause; failures that were not looked into join the one that they resemble.
 * What the baseline shares and what it does not are two findings, also at the same place.
 *
 * @param language as the replayer names it, for remedies
 */
export function diagnose(
  failures: readonly Failure[],
  checkouts: Checkouts,
  reader: HistoryReader,
  target?: Target,
  language?: string,
): DiagnosedFinding[] {
  const groups = new Map<
    string,
    {
      finding: DiagnosedFinding;
      executions: Execution[];
      builds: Map<Execution, string | undefined>;
    }
  >();
  const keyBySignature = new Map<string, string>();
  const inOrder = [...failures].sort(
    (a, b) => Number(b.recorded !== undefined) - Number(a.recorded !== undefined),
  );
  for (const failure of inOrder) {
    const { execution, kind, message = '' } = failure.outcome;
    const relation =
      checkouts.baseline === undefined
        ? undefined
        : (failure.baseline?.relation ?? ('not-compared' as const));
    const signature = JSON.stringify([relation, failure.signature]);
    let key = failure.recorded === undefined ? keyBySignature.get(signature) : undefined;
    let { build } = failure;
    if (key === undefined || !groups.has(key)) {
      const diagnosed = diagnoseOne(failure, checkouts, reader);
      build = diagnosed.build ?? build;
      key = JSON.stringify([
        execution.workflowType,
        kind,
        relation,
        causeKey(diagnosed, signature),
      ]);
      if (!groups.has(key)) {
        const executions: Execution[] = [];
        const builds = new Map<Execution, string | undefined>();
        const context = {
          workflowType: execution.workflowType,
          cause: diagnosed.cause,
          divergence: diagnosed.divergence,
          words: reader.readMessage(message).words,
          isUnregisteredType: reader.isUnregisteredType(message),
          versionLeft: reader.versionLeft(message),
          language,
          sdk: diagnosed.sdk,
          wayOut: wayOut(target),
        };
        groups.set(key, {
          executions,
          builds,
          finding: {
            key,
            example: { execution, isRecorded: failure.recorded !== undefined },
            outcome: kind,
            workflowType: execution.workflowType,
            cause: diagnosed.cause,
            divergence: diagnosed.divergence,
            headline: headline(context),
            remedy: remedy(context),
            timeline: diagnosed.timeline,
            executions,
            divergingBuilds: builds,
            ...(diagnosed.baseline === undefined ? {} : { baseline: diagnosed.baseline }),
          },
        });
      }
      if (!keyBySignature.has(signature)) keyBySignature.set(signature, key);
    }
    const group = groups.get(key);
    group?.executions.push(execution);
    group?.builds.set(execution, build);
  }
  return [...groups.values()]
    .map((group) => group.finding)
    .sort((a, b) => b.executions.length - a.executions.length);
}

/**
 * What two failures of one cause share: the place and the two things that differ there, never an ID; where
 * no place is known, the words.
 */
function causeKey({ cause, divergence }: Diagnosis, signature: string): unknown[] {
  const place = 'location' in divergence ? divergence.location : undefined;
  const at = place === undefined ? '' : `${place.file}:${place.line}`;
  // Such code does something else in each replay, so only the place counts.
  if (cause === 'nondeterministic-source') return [cause, place === undefined ? signature : at];
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
