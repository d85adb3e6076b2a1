import { executionKey } from '../model/coverage.js';
import { isOpen, type Execution } from '../model/execution.js';
import { hitsPinnedOnly, type Weight } from '../model/finding.js';
import type { RootedFinding, UnweighedFinding } from './failure.js';
import { predict } from './predict.js';
import { historical, type JudgedWeight, type WeighingContext } from './weighing.js';

/**
 * Decides how much each finding matters. Running executions matter most; closed ones count only if they predict
 * where running ones will be.
 */
export function weigh(
  findings: readonly UnweighedFinding[],
  context: WeighingContext,
): RootedFinding[] {
  return findings.map((finding) => {
    const weight = weightOf(finding, context);
    const { divergingTasks: _tasks, passed: _passed, ...shown } = finding;
    return {
      ...shown,
      weight: finding.baseline?.relation === 'pre-existing' ? preExisting(weight) : weight,
    };
  });
}

/** A change is to blame only for what it breaks itself. */
function preExisting({ kind, reason }: JudgedWeight): Weight {
  return {
    kind: 'pre-existing',
    otherwise: kind,
    reason: `it breaks on the baseline in the same way; otherwise it would be ${kind}, because ${reason}`,
  };
}

function weightOf(finding: UnweighedFinding, context: WeighingContext): JudgedWeight {
  const hasOpen = finding.executions.some(isOpen);
  const isPinned = hitsPinnedOnly(finding);
  if (isPinned && !context.isVersionNamed) {
    const closed = finding.executions.filter((execution) => !isOpen(execution));
    const others = closed.length === 0 ? undefined : weightOfClosed(finding, closed, context);
    return others?.kind === 'decisive'
      ? others
      : {
          kind: 'pinned',
          reason:
            `${runningWords(finding.executions)}, all pinned to their version, and nobody claims that version: they stay there, and break only ` +
            'when somebody moves them to this code',
        };
  }
  if (hasOpen) return { kind: 'decisive', reason: hitsWords(finding.executions) };
  return weightOfClosed(finding, finding.executions, context);
}

/** Why a finding that hits running executions is decisive. */
export function hitsWords(executions: readonly Execution[]): string {
  const isPinned = hitsPinnedOnly({ executions });
  return `${runningWords(executions)}${isPinned ? ', pinned to their version' : ''}`;
}

function runningWords(executions: readonly Execution[]): string {
  const open = executions.filter(isOpen).length;
  return `it hits ${open} running ${open === 1 ? 'execution' : 'executions'}`;
}

function weightOfClosed(
  finding: UnweighedFinding,
  closed: readonly Execution[],
  context: WeighingContext,
): JudgedWeight {
  switch (context.closed) {
    case 'fail':
      return { kind: 'decisive', reason: 'it hits closed executions, and closed is set to fail' };
    case 'ignore':
      return historical('closed is set to ignore');
    case 'predict':
      break;
  }
  const remaining = closed.filter(
    (execution) =>
      execution.isLeftByReset !== true &&
      context.leftByReset?.has(executionKey(execution)) !== true,
  );
  return remaining.length === 0
    ? {
        kind: 'historical',
        reason:
          'it hits only runs that a reset left behind: other runs have gone on in their place',
      }
    : predict(finding, remaining, context);
}
