import { expect, test } from '@jest/globals';
import { executionKey, measureCoverage } from '../../src/model/coverage.js';
import { isOpen } from '../../src/model/execution.js';
import { countOutcomes, isBreak, isJudged, OUTCOME_KINDS } from '../../src/model/outcome.js';
import { liveBuildIds } from '../../src/model/target.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { aVersionSetTarget } from '../builders/gate-parts.js';
import { anOutcome } from '../builders/outcomes.js';

test('counts what was there and what was replayed, by type, status and newest build', () => {
  const running = anExecution({ workflowType: 'b', buildIds: ['v1', 'v2'] });
  const left = anExecution({ workflowType: 'b', buildIds: [] });
  const closed = aClosedExecution({ workflowType: 'a', buildIds: ['v1'] });
  const outcomes = [anOutcome('passed', running), anOutcome('task-failed', closed)];
  expect(measureCoverage([running, left, closed], outcomes, true)).toEqual({
    matched: 3,
    listingTruncated: true,
    byType: [
      { name: 'b', matched: 2, matchedOpen: 2, replayed: 1, replayedOpen: 1 },
      { name: 'a', matched: 1, matchedOpen: 0, replayed: 1, replayedOpen: 0 },
    ],
    byStatus: [
      { name: 'Running', matched: 2, matchedOpen: 2, replayed: 1, replayedOpen: 1 },
      { name: 'Completed', matched: 1, matchedOpen: 0, replayed: 1, replayedOpen: 0 },
    ],
    byBuildId: [
      { name: '(none recorded)', matched: 1, matchedOpen: 1, replayed: 0, replayedOpen: 0 },
      { name: 'v1', matched: 1, matchedOpen: 0, replayed: 1, replayedOpen: 0 },
      { name: 'v2', matched: 1, matchedOpen: 1, replayed: 1, replayedOpen: 1 },
    ],
  });
});

test('what could not be judged does not count as replayed', () => {
  const listed = [anExecution(), anExecution(), anExecution()];
  const outcomes = (['errored', 'skipped', 'gone'] as const).map((kind, index) =>
    anOutcome(kind, listed[index]),
  );
  expect(measureCoverage(listed, outcomes, false).byType[0]).toMatchObject({ replayed: 0 });
});

test('runs of one workflow ID are told apart, and so are equal run IDs', () => {
  const keys = [
    { workflowId: 'a', runId: '1' },
    { workflowId: 'a', runId: '2' },
    { workflowId: 'b', runId: '1' },
  ].map(executionKey);
  expect(new Set(keys).size).toBe(3);
});

test('every kind of outcome is counted, also at zero', () => {
  expect(Object.keys(countOutcomes([]))).toEqual([...OUTCOME_KINDS]);
  expect(countOutcomes([anOutcome('gone'), anOutcome('gone')]).gone).toBe(2);
});

test.each([
  ['passed', true, false],
  ['nondeterministic', true, true],
  ['task-failed', true, true],
  ['errored', false, false],
  ['skipped', false, false],
  ['gone', false, false],
] as const)('%s: judged %j, a break %j', (kind, judged, breaks) => {
  expect(isJudged({ kind })).toBe(judged);
  expect(isBreak({ kind })).toBe(breaks);
});

test.each([
  ['Running', true],
  ['Paused', true],
  ['Completed', false],
  ['ContinuedAsNew', false],
  ['Terminated', false],
] as const)('%s is open: %j', (status, open) => {
  expect(isOpen({ status })).toBe(open);
});

test('of every set of a target the default is live: the workers of others are handed no tasks', () => {
  const sets = [
    { taskQueue: 'orders', buildIds: ['v1.0', 'v1.1'] },
    { taskQueue: 'refunds', buildIds: ['v1.1', 'v1.2'] },
  ];
  expect(liveBuildIds(aVersionSetTarget({ sets }))).toEqual(new Set(['v1.1', 'v1.2']));
});
