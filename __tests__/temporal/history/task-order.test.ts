import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EventType, type IHistoryEvent } from '../../../src/temporal/history/proto.js';
import { misplacedTask } from '../../../src/temporal/history/task-order.js';
import { projectRoot } from '../../../testing/project-root.js';
import { readFixtures } from '../../fixtures/histories.js';

const SETS = readdirSync(join(projectRoot, '__tests__', 'fixtures', 'histories')).filter(
  (set) => !set.startsWith('corpus'),
);

const { EVENT_TYPE_WORKFLOW_TASK_SCHEDULED: SCHEDULED } = EventType;
const { EVENT_TYPE_WORKFLOW_TASK_STARTED: STARTED } = EventType;
const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED: COMPLETED } = EventType;
const { EVENT_TYPE_WORKFLOW_TASK_FAILED: FAILED } = EventType;
const { EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT: TIMED_OUT } = EventType;
const { EVENT_TYPE_TIMER_FIRED: OTHER } = EventType;

function events(...types: EventType[]): IHistoryEvent[] {
  return types.map((eventType, index) => ({ eventId: index + 1, eventType }) as never);
}

describe('a history that a server wrote has its workflow tasks in order', () => {
  test.each(SETS)('%s', (set) => {
    for (const fixture of readFixtures(set)) expect(misplacedTask(fixture.events)).toBeUndefined();
  });

  test.each([
    [
      'a task that timed out before it was started',
      [SCHEDULED, TIMED_OUT, SCHEDULED, STARTED, COMPLETED],
    ],
    ['a task that failed', [SCHEDULED, STARTED, FAILED, SCHEDULED, OTHER, STARTED, COMPLETED]],
    ['no task', [OTHER]],
  ])('%s', (_, types) => {
    expect(misplacedTask(events(...types))).toBeUndefined();
  });
});

test.each([
  [
    'started twice',
    [SCHEDULED, STARTED, STARTED],
    'event 3 is WorkflowTaskStarted without WorkflowTaskScheduled',
  ],
  [
    'completed twice',
    [SCHEDULED, STARTED, COMPLETED, COMPLETED],
    'event 4 is WorkflowTaskCompleted',
  ],
  ['completed and never started', [SCHEDULED, COMPLETED], 'without WorkflowTaskStarted before it'],
  ['started and never scheduled', [OTHER, STARTED], 'event 2'],
])('a task that is %s is misplaced', (_, types, words) => {
  expect(misplacedTask(events(...types))).toContain(words);
});
