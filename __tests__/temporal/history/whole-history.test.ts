import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { prepareEvents, prepareHistory } from '../../../src/temporal/history/prepare-history.js';
import { outlinesIn, type EventOutline } from '../../../src/temporal/history/outline.js';
import {
  EventType,
  HistoryMessage,
  type IHistoryEvent,
} from '../../../src/temporal/history/proto.js';
import { shapeOf } from '../../../src/temporal/history/shape.js';
import { WholeHistory } from '../../../src/temporal/history/whole-history.js';
import { EventHistory } from '../../builders/event-history.js';
import { readFixtures } from '../../fixtures/histories.js';

const FIXTURE_SETS = readdirSync(join(import.meta.dirname, '..', '..', 'fixtures', 'histories'));

const EVENTS = new EventHistory().task().activity('charge').activityDone().task().timer().events;

const encoded = (events: readonly IHistoryEvent[]): Uint8Array =>
  HistoryMessage.encode({ events: [...events] }).finish();

/** As a newer server might send it: with a field that nobody here knows, in the event and beside it. */
function withUnknownFields(event: IHistoryEvent): Uint8Array {
  const reader = protobuf.Reader.create(encoded([event]));
  reader.uint32();
  const known = reader.bytes();
  const unknown = protobuf.Writer.create()
    .uint32((9_999 << 3) | 2)
    .string('news')
    .finish();
  return protobuf.Writer.create()
    .uint32(10)
    .bytes(Buffer.concat([unknown, known, unknown]))
    .uint32((8_888 << 3) | 0)
    .uint32(7)
    .finish();
}

/** A message as plain values, whatever class it is of. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  // Numbers of 64 bits.
  if ('unsigned' in value) return Number(value);
  return Object.fromEntries(Object.entries(value).map(([name, below]) => [name, plain(below)]));
}

/** Of plain values, what others have too. */
function likewise(whole: unknown, part: unknown): unknown {
  if (Array.isArray(part)) return part.map((one, at) => likewise((whole as unknown[])[at], one));
  if (typeof part !== 'object' || part === null) return whole;
  return Object.fromEntries(
    Object.entries(part).map(([name, below]) => [
      name,
      likewise((whole as Record<string, unknown>)[name], below),
    ]),
  );
}

describe('an outline', () => {
  const EVERYTHING: Partial<Record<keyof IHistoryEvent, object>> = {
    workflowExecutionStartedEventAttributes: { workflowId: 'w', workflowType: { name: 'order' } },
    workflowTaskCompletedEventAttributes: {
      sdkMetadata: { sdkName: 'temporal-go', sdkVersion: '1.2.3' },
      workerVersion: { buildId: 'a' },
      deployment: { buildId: 'b' },
      deploymentVersion: { buildId: 'c' },
    },
    activityTaskScheduledEventAttributes: { activityType: { name: 'charge' } },
    activityTaskCompletedEventAttributes: { scheduledEventId: 5 },
    activityTaskFailedEventAttributes: { scheduledEventId: 5 },
    activityTaskTimedOutEventAttributes: { scheduledEventId: 5 },
    activityTaskCanceledEventAttributes: { scheduledEventId: 5 },
    activityTaskCancelRequestedEventAttributes: { scheduledEventId: 5 },
    startChildWorkflowExecutionInitiatedEventAttributes: { workflowType: { name: 'child' } },
    childWorkflowExecutionStartedEventAttributes: { workflowType: { name: 'child' } },
    childWorkflowExecutionCompletedEventAttributes: { workflowType: { name: 'child' } },
    childWorkflowExecutionFailedEventAttributes: { workflowType: { name: 'child' } },
    childWorkflowExecutionCanceledEventAttributes: { workflowType: { name: 'child' } },
    childWorkflowExecutionTimedOutEventAttributes: { workflowType: { name: 'child' } },
    childWorkflowExecutionTerminatedEventAttributes: { workflowType: { name: 'child' } },
    workflowExecutionSignaledEventAttributes: { signalName: 'pay' },
    signalExternalWorkflowExecutionInitiatedEventAttributes: { signalName: 'pay' },
    workflowExecutionUpdateAcceptedEventAttributes: {
      acceptedRequest: { input: { name: 'change' } },
    },
    nexusOperationScheduledEventAttributes: { operation: 'ship' },
    nexusOperationCompletedEventAttributes: { scheduledEventId: 5 },
    nexusOperationFailedEventAttributes: { scheduledEventId: 5 },
    nexusOperationCanceledEventAttributes: { scheduledEventId: 5 },
    nexusOperationTimedOutEventAttributes: { scheduledEventId: 5 },
    markerRecordedEventAttributes: {
      markerName: 'core_patch',
      details: { 'patch-data': { payloads: [{ data: Buffer.from('{"id":"p"}') }] } },
    },
    workflowExecutionTerminatedEventAttributes: { identity: 'history-resetter' },
  };

  test.each(Object.entries(EVERYTHING))('tells all that is asked of %s', (name, attributes) => {
    const type = EventType.EVENT_TYPE_MARKER_RECORDED;
    const event = HistoryMessage.fromObject({
      events: [{ eventId: 7, eventType: type, [name]: attributes }],
    });
    const bytes = HistoryMessage.encode(event).finish();
    const [outline, ...more] = [...outlinesIn(bytes)];
    expect(more).toEqual([]);
    expect(outline?.end).toBe(bytes.length);
    const given = { eventId: 7, eventType: type, [name]: attributes };
    expect(plain(outline?.event)).toEqual(plain(given));
  });

  test.each(FIXTURE_SETS)(
    'of what real servers recorded says what the whole event does: %s',
    (set) => {
      const fixtures = readFixtures(set);
      expect(fixtures).not.toEqual([]);
      for (const { events } of fixtures) {
        const outlines: EventOutline[] = WholeHistory.ofEvents(events).events;
        expect(outlines).toHaveLength(events.length);
        for (const [index, outline] of outlines.entries()) {
          const told = plain(outline);
          expect(told).toEqual(likewise(plain(events[index]), told));
        }
        expect(shapeOf(outlines)).toBe(shapeOf(events));
      }
    },
  );
});

describe('a history that comes as bytes', () => {
  test('on several pages is the same as on one', () => {
    const paged = new WholeHistory();
    for (const event of EVENTS) paged.add(encoded([event]));
    expect(paged.bytes()).toEqual(Buffer.from(encoded(EVENTS)));
    expect(prepareHistory(paged)).toEqual({
      ...prepareEvents(EVENTS),
      bytes: expect.any(Uint8Array),
    });
  });

  test('is cut between two events', () => {
    const history = new WholeHistory();
    history.add(encoded(EVENTS.slice(0, 4)));
    history.add(encoded(EVENTS.slice(4)));
    for (let count = 0; count <= EVENTS.length; count += 1) {
      const { events } = HistoryMessage.decode(history.bytes(count));
      expect(events).toHaveLength(count);
    }
  });

  test('keeps what only a newer server knows', () => {
    const history = new WholeHistory();
    const pages = EVENTS.map(withUnknownFields);
    for (const page of pages) history.add(page);
    expect(history.events).toHaveLength(EVENTS.length);
    expect(shapeOf(history.events)).toBe(shapeOf(EVENTS));
    // What stands beside the last event is no part of an event.
    const beside = protobuf.Writer.create()
      .uint32((8_888 << 3) | 0)
      .uint32(7)
      .finish().length;
    const all = Buffer.concat(pages);
    expect(history.bytes()).toEqual(all.subarray(0, all.length - beside));
  });

  test('that is none is refused', () => {
    const bytes = encoded(EVENTS);
    expect(() => WholeHistory.of(bytes.subarray(0, bytes.length - 3))).toThrow();
    expect(() => WholeHistory.of(Buffer.from('not a history'))).toThrow();
  });

  test('without events has no bytes', () => {
    expect(new WholeHistory().bytes()).toHaveLength(0);
  });
});
