import { describe, expect, test } from '@jest/globals';
import { shapeOf } from '../../../src/temporal/history/shape.js';
import { EventHistory } from '../../builders/event-history.js';

const shape = (history: EventHistory): string => shapeOf(history.events);

/** A loop of a timer and an activity that ran so many times. */
function loop(times: number): EventHistory {
  const history = new EventHistory().task();
  for (let time = 0; time < times; time += 1) {
    history
      .timer(String(2 * time + 1))
      .timerFired()
      .task()
      .activity('charge', String(2 * time + 2))
      .activityDone()
      .task();
  }
  return history;
}

describe('histories have one shape', () => {
  test('when they took the same way with other IDs, times and contents', () => {
    const one = new EventHistory().task().activity('charge', '1').activityDone().task().timer('2');
    const other = new EventHistory('orderWorkflow', { workflowId: 'order-2' })
      .task({ identity: 'other' })
      .activity('charge', '7')
      .activityDone()
      .task()
      .timer('9');
    expect(shape(other)).toBe(shape(one));
    expect(shape(one)).toMatch(/^[0-9a-f]{16}$/u);
  });

  test('wherever their workflow tasks ended', () => {
    const together = new EventHistory().task().timer('1').activity('charge', '2');
    const apart = new EventHistory().task().timer('1').task().activity('charge', '2');
    expect(shape(apart)).toBe(shape(together));
  });

  test('however often a loop ran', () => {
    expect(shape(loop(7))).toBe(shape(loop(1)));
    expect(shape(loop(2))).not.toBe(shape(loop(0)));
  });

  test('with a loop inside of a loop', () => {
    const nested = (outer: number, inner: number): EventHistory => {
      const history = new EventHistory().task();
      for (let time = 0; time < outer; time += 1) {
        for (let again = 0; again < inner; again += 1) history.timer().timerFired().task();
        history.activity('charge').activityDone().task();
      }
      return history;
    };
    expect(shape(nested(3, 4))).toBe(shape(nested(1, 1)));
  });
});

describe('histories differ in shape', () => {
  const base = (): EventHistory => new EventHistory().task().activity('charge').activityDone();

  test.each([
    ['by workflow type', new EventHistory('refund').task().activity('charge').activityDone()],
    ['by what a command is called', new EventHistory().task().activity('ship').activityDone()],
    ['by a result that is not there yet', new EventHistory().task().activity('charge')],
    ['by a signal', base().signal('approve')],
    ['by a patch', new EventHistory().task().patch('p').activity('charge').activityDone()],
    [
      'by the end of an activity',
      new EventHistory()
        .task()
        .activity('charge')
        .add('ACTIVITY_TASK_STARTED')
        .add('ACTIVITY_TASK_FAILED'),
    ],
  ])('%s', (_, history) => {
    expect(shape(history)).not.toBe(shape(base()));
  });

  test('by which of two activities ended first', () => {
    const ended = (scheduledEventId: number): EventHistory =>
      new EventHistory()
        .task()
        .activity('charge', '1')
        .activity('ship', '2')
        .add('ACTIVITY_TASK_COMPLETED', {
          activityTaskCompletedEventAttributes: { scheduledEventId },
        });
    expect(shape(ended(5))).not.toBe(shape(ended(6)));
  });
});

test('the longest history that a server keeps is shaped in no time', () => {
  const { events } = loop(4000);
  expect(events.length).toBeGreaterThan(40_000);
  const began = process.cpuUsage();
  shapeOf(events);
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1000).toBeLessThan(3000);
});
