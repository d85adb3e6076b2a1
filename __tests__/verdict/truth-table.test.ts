import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution } from '../../src/model/execution.js';
import type { DriftReview } from '../../src/model/drift.js';
import type { Finding } from '../../src/model/finding.js';
import { OUTCOME_KINDS, type OutcomeKind } from '../../src/model/outcome.js';
import { conclude } from '../../src/verdict/conclude.js';
import type { Evidence } from '../../src/verdict/evidence.js';
import { aDrift, aDriftReview } from '../builders/drift.js';
import { evidence } from '../builders/evidence.js';
import { anExecution } from '../builders/executions.js';
import { aFinding, DECISIVE, HISTORICAL, PRE_EXISTING } from '../builders/findings.js';
import { anOutcome } from '../builders/outcomes.js';

/** The truth table of docs/internals/verdict.md, held to the code: what the outcome of one execution does. */

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/internals/verdict.md'), 'utf8');

const TYPE = 'orderWorkflow';
const OTHER_TYPE = 'refundWorkflow';

interface Row {
  readonly outcome: OutcomeKind | undefined;
  readonly finding: Finding['weight'] | undefined;
  readonly isRegistered: boolean;
  readonly drift: DriftReview | undefined;
  /** Alone and running, alone and closed, beside others and running, beside others and closed. */
  readonly cells: readonly string[];
  readonly words: string;
}

function rows(): Row[] {
  const [, section = ''] = DOCUMENT.split('## What one outcome does');
  const [table = ''] = section.split('\n## ');
  return table
    .split('\n')
    .filter((line) => /^\| (?:`|not )/u.test(line))
    .map((line) => {
      const [words = '', ...cells] = line
        .split(' | ')
        .map((cell) => cell.replace(/^\||\|$/gu, '').trim());
      const outcome = /^`([a-z-]+)`/u.exec(words)?.[1] as OutcomeKind | undefined;
      return {
        outcome,
        words,
        cells: cells.map((cell) => cell.replaceAll('`', '')),
        isRegistered: !words.includes('not registered'),
        drift: driftIn(words),
        finding: words.includes('pre-existing')
          ? PRE_EXISTING
          : words.includes('historical')
            ? HISTORICAL
            : words.includes('decisive')
              ? DECISIVE
              : undefined,
      };
    });
}

function driftIn(words: string): DriftReview | undefined {
  const policy = /drift: (report|warn|fail)/u.exec(words)?.[1] as DriftReview['policy'] | undefined;
  if (policy === undefined) return undefined;
  if (words.includes('nothing could be recorded')) return aDriftReview({ policy, compared: 0 });
  const basis = words.includes('one execution alone') ? 'one-execution' : 'several-executions';
  return aDriftReview({ policy, differences: [aDrift({ basis })] });
}

/**
 * What no real server can show: a finding is historical by its executions being closed, and one of executions that
 * are closed is always found.
 */
function hasNoVerdict({ outcome, finding }: Row, status: Execution['status']): boolean {
  if (finding === HISTORICAL) return status === 'Running';
  return outcome === 'nondeterministic' && finding === undefined && status === 'Completed';
}

function given(row: Row, execution: Execution, others: readonly Execution[]): Evidence {
  return evidence({
    listed: [execution, ...others],
    outcomes: [
      ...(row.outcome === undefined ? [] : [anOutcome(row.outcome, execution)]),
      ...others.map((other) => anOutcome('passed', other)),
    ],
    findings:
      row.finding === undefined ? [] : [aFinding({ weight: row.finding, executions: [execution] })],
    ...(row.drift === undefined ? {} : { drift: row.drift }),
    registeredTypes: new Set(row.isRegistered ? [TYPE, OTHER_TYPE] : [OTHER_TYPE]),
  });
}

function said(found: Evidence): string {
  const { kind, reason, passes } = conclude(found);
  return `${kind}: ${reason}, ${passes ? 'green' : 'red'}`;
}

const others = fc
  .array(fc.constantFrom<Execution['status']>('Running', 'Completed', 'Failed', 'Paused'), {
    minLength: 1,
    maxLength: 30,
  })
  .map((statuses) => statuses.map((status) => anExecution({ status, workflowType: OTHER_TYPE })));

test('the table has every outcome, and four cells in each row', () => {
  const outcomes = new Set(rows().map(({ outcome }) => outcome));
  expect(outcomes).toEqual(new Set([...OUTCOME_KINDS, undefined]));
  expect(rows().every(({ cells }) => cells.length === 4)).toBe(true);
});

describe.each(rows().map((row) => [row.words, row] as const))('%s', (_, row) => {
  const cases = [
    ['alone, running', 'Running', false],
    ['alone, closed', 'Completed', false],
    ['beside others, running', 'Running', true],
    ['beside others, closed', 'Completed', true],
  ] as const;

  test.each(cases.map((one, index) => [...one, row.cells[index] ?? ''] as const))(
    '%s',
    (__, status, isBesideOthers, expected) => {
      if (hasNoVerdict(row, status)) {
        expect(expected).toBe('–');
        return;
      }
      const execution = anExecution({ status, workflowType: TYPE });
      if (!isBesideOthers) {
        expect(said(given(row, execution, []))).toBe(expected);
        return;
      }
      fc.assert(
        fc.property(others, (beside) => {
          expect(said(given(row, execution, beside))).toBe(expected);
        }),
        { numRuns: 100 },
      );
    },
  );
});

test('nothing in the table that confirms nothing is green', () => {
  const confirming: readonly (OutcomeKind | undefined)[] = [
    'passed',
    'nondeterministic',
    'task-failed',
  ];
  for (const row of rows().filter(({ outcome }) => !confirming.includes(outcome))) {
    // Alone, it is all that is known.
    expect(row.cells.slice(0, 2).filter((cell) => cell.endsWith('green'))).toEqual([]);
  }
});
