import { expect, test } from '@jest/globals';
import { markerOf, type Marker } from '../../../src/temporal/history/markers.js';
import { EventType, type IHistoryEvent } from '../../../src/temporal/history/proto.js';

const payloads = (text: string) => ({ payloads: [{ data: Buffer.from(text) }] });

function marker(markerName: string, details: Record<string, string> = {}): IHistoryEvent {
  return {
    eventType: EventType.EVENT_TYPE_MARKER_RECORDED,
    markerRecordedEventAttributes: {
      markerName,
      details: Object.fromEntries(
        Object.entries(details).map(([name, text]) => [name, payloads(text)]),
      ),
    },
  };
}

test.each<[string, IHistoryEvent, Marker]>([
  [
    'a patch',
    marker('core_patch', { 'patch-data': '{"id":"a","deprecated":false}' }),
    { kind: 'patch', id: 'a', optional: false },
  ],
  [
    'a deprecated patch',
    marker('core_patch', { 'patch-data': '{"id":"a","deprecated":true}' }),
    { kind: 'patch', id: 'a', optional: true },
  ],
  [
    "a patch of the core's first releases",
    marker('core_patch', { patch_id: 'a', deprecated: '\0' }),
    { kind: 'patch', id: 'a', optional: false },
  ],
  [
    'the same, deprecated',
    marker('core_patch', { patch_id: 'a', deprecated: '\x01' }),
    { kind: 'patch', id: 'a', optional: true },
  ],
  [
    'a patch that cannot be read',
    marker('core_patch', { 'patch-data': 'encrypted' }),
    { kind: 'patch', id: '', optional: false },
  ],
  [
    "a version of Go's",
    marker('Version', { 'change-id': '"a"', version: '1' }),
    { kind: 'patch', id: 'a', optional: true, isVersion: true },
  ],
  [
    'a local activity',
    marker('core_local_activity', { data: '{"activity_type":"b"}' }),
    { kind: 'local-activity', activityType: 'b' },
  ],
  [
    "a local activity of Go's",
    marker('LocalActivity', { data: '{"ActivityType":"b"}' }),
    { kind: 'local-activity', activityType: 'b' },
  ],
  [
    "a version of Java's",
    marker('Version', { changeId: '"a"', version: '1' }),
    { kind: 'patch', id: 'a', optional: true, isVersion: true },
  ],
  [
    "a local activity of Java's",
    marker('LocalActivity', { type: '"b"', data: '"whatever"' }),
    { kind: 'local-activity', activityType: 'b' },
  ],
  [
    'one of several of a type, by its ID',
    marker('core_local_activity', { data: '{"activity_type":"b","activity_id":"2"}' }),
    { kind: 'local-activity', activityType: 'b', activityId: '2' },
  ],
  [
    'one that Go calls again after a timer',
    marker('LocalActivity', { data: '{"ActivityType":"b","ActivityID":"2","Backoff":1000}' }),
    { kind: 'local-activity', activityType: 'b', activityId: '2', isRetried: true },
  ],
  [
    'one that Go does not call again',
    marker('LocalActivity', { data: '{"ActivityType":"b","ActivityID":"2","Backoff":0}' }),
    { kind: 'local-activity', activityType: 'b', activityId: '2' },
  ],
  [
    'one that Java calls again after a timer',
    marker('LocalActivity', { type: '"b"', activityId: '"x"', meta: '{"atpt":1,"backoff":1000}' }),
    { kind: 'local-activity', activityType: 'b', activityId: 'x', isRetried: true },
  ],
  [
    'one that Java does not call again',
    marker('LocalActivity', { type: '"b"', activityId: '"x"', meta: '{"atpt":1,"backoff":null}' }),
    { kind: 'local-activity', activityType: 'b', activityId: 'x' },
  ],
  ['a side effect', marker('SideEffect'), { kind: 'side-effect' }],
  [
    "a mutable side effect of Go's, whose own ID has a number in it",
    marker('MutableSideEffect', { 'side-effect-id': '"m_3"', data: '"m"' }),
    { kind: 'mutable-side-effect', id: 'm' },
  ],
  [
    "a mutable side effect of Java's",
    marker('MutableSideEffect', { id: '"m"', data: '"secret"', skipCount: '0' }),
    { kind: 'mutable-side-effect', id: 'm' },
  ],
  [
    'a mutable side effect that cannot be read',
    marker('MutableSideEffect', { 'side-effect-id': 'encrypted', data: 'encrypted' }),
    { kind: 'mutable-side-effect', id: '' },
  ],
  ['any other', marker('Snapshot'), { kind: 'other' }],
])('%s', (_, event, expected) => {
  expect(markerOf(event)).toEqual(expected);
});

test('other events are none', () => {
  expect(markerOf({ eventType: EventType.EVENT_TYPE_TIMER_FIRED })).toBeUndefined();
});
