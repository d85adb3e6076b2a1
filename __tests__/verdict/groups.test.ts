import { describe, expect, test } from '@jest/globals';
import { weigh } from '../../src/diagnosis/weigh.js';
import type { Execution } from '../../src/model/execution.js';
import { renderAnnotations } from '../../src/report/annotations.js';
import { conclude } from '../../src/verdict/conclude.js';
import { evidence } from '../builders/evidence.js';
import { aClosedExecution, anExecution, executions } from '../builders/executions.js';
import { aFinding, NO_ROOTS } from '../builders/findings.js';
import { outcomesFor } from '../builders/outcomes.js';
import { aReport } from '../builders/reports.js';

const pinned = anExecution({ group: 'pinned' });
const autoUpgrade = anExecution({ group: 'auto-upgrade' });
const closed = aClosedExecution({ group: 'closed' });

function onFinding(...hits: Execution[]) {
  return conclude(
    evidence({
      listed: hits,
      outcomes: outcomesFor(hits, 'nondeterministic'),
      findings: [aFinding({ executions: hits })],
    }),
  );
}

describe('a break of pinned executions only', () => {
  test('is red, and says that they do not move by themselves', () => {
    const verdict = onFinding(pinned);
    expect(verdict).toMatchObject({ kind: 'incompatible', passes: false });
    expect(verdict.summary).toMatch(/Only executions that are pinned to the named version break/u);
    expect(onFinding(pinned, closed).summary).toMatch(/Only executions/u);
  });

  test('says so on its annotation', () => {
    const annotation = (...hits: Execution[]): string | undefined =>
      renderAnnotations([aReport({ listed: hits, findings: [aFinding({ executions: hits })] })], {
        showWorkflowIds: 'hash',
      })[0]?.message;
    expect(annotation(pinned)).toMatch(/pinned to their version and do not move/u);
    expect(annotation(pinned, autoUpgrade)).not.toMatch(/pinned/u);
  });

  test('says so as its weight', () => {
    const { weight: _, ...finding } = aFinding({ executions: [pinned] });
    const [weighed] = weigh(
      [{ ...finding, roots: NO_ROOTS, divergingTasks: new Map(), passed: [] }],
      {
        closed: 'predict',
        closedWindowMs: 604_800_000,
        asOf: 0,
        isVersionNamed: true,
        liveBuildIds: new Set(),
        listed: [pinned],
        listingTruncated: false,
        outcomes: [],
      },
    );
    expect(weighed?.weight).toEqual({
      kind: 'decisive',
      reason: 'it hits 1 running execution, pinned to their version',
    });
  });

  test('is not one that other running executions, or closed ones alone, have too', () => {
    expect(onFinding(pinned, autoUpgrade).summary).not.toMatch(/pinned/u);
    expect(onFinding(closed).summary).not.toMatch(/pinned/u);
  });
});

test('a group that was not replayed is not answered for by another of the same type', () => {
  const replayed = executions(25, { group: 'pinned' });
  const verdict = conclude(
    evidence({
      listed: [...replayed, autoUpgrade],
      outcomes: outcomesFor(replayed, 'passed'),
    }),
  );
  expect(verdict).toMatchObject({ kind: 'inconclusive', reason: 'type-not-replayed' });
  expect(verdict.summary).toMatch(/orderWorkflow \(auto-upgrade\)/u);
});

test('without anything to replay, a build ID of an input is a warning where a title is red', () => {
  const claim = { kind: 'claimed', buildId: 'v2.0', from: 'build-id' } as const;
  expect(conclude(evidence({ claim }))).toMatchObject({
    kind: 'inconclusive',
    reason: 'empty',
    passes: true,
    warns: true,
  });
  const policy = { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'fail' } as const;
  expect(conclude(evidence({ claim, policy }))).toMatchObject({ passes: false });
});
