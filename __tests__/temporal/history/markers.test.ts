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
  ['a side effect', marker('SideEffect'), { kind: 'side-effect', name: 'SideEffect' }],
  ['any other', marker('Snapshot'), { kind: 'other' }],
])('%s', (_, event, expected) => {
  expect(markerOf(event)).toEqual(expected);
});

test('other events are none', () => {
  expect(markerOf({ eventType: EventType.EVENT_TYPE_TIMER_FIRED })).toBeUndefined();
});
