import { describe, expect, test } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { glimpse, historyFromJson } from '../../../src/temporal/history/history-json.js';
import { NotReadable } from '../../../src/temporal/history/proto-json.js';
import { EventType, HistoryMessage } from '../../../src/temporal/history/proto.js';
import { itemAt } from '../../builders/item-at.js';
import { readFixtures } from '../../fixtures/histories.js';

type Json = Record<string, unknown>;
interface Exported {
  events: Json[];
}

const FIXTURES = join(import.meta.dirname, '../../fixtures/histories');

const bytesOf = (json: unknown): string =>
  Buffer.from(HistoryMessage.encode(historyFromJson(json)).finish()).toString('hex');

/** As Go's tools, Java and Python write it today. */
const exported = (bytes: Uint8Array): Exported =>
  JSON.parse(historyToJSON(HistoryMessage.decode(bytes))) as Exported;

/** Every enum constant that there is, with the name that remains without the enum's own. */
const CONSTANTS = new Map<string, { bare: string; number: number }>();
for (const values of Object.values(proto.temporal.api.enums.v1) as unknown[]) {
  if (typeof values !== 'object' || values === null) continue;
  const unspecified = Object.keys(values).find((name) => name.endsWith('_UNSPECIFIED'));
  if (unspecified === undefined) continue;
  const prefix = unspecified.slice(0, -'UNSPECIFIED'.length);
  for (const [name, number] of Object.entries(values)) {
    if (typeof number === 'number')
      CONSTANTS.set(name, { bare: name.slice(prefix.length), number });
  }
}

const pascal = (constant: string): string =>
  constant
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');

const snake = (name: string): string =>
  name.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);

/** Their keys are the application's. */
const MAPS = new Set(['metadata', 'fields', 'indexedFields', 'nexusHeader', 'header', 'details']);

interface Change {
  text?: (value: string, key: string, parent: string) => unknown;
  key?: (key: string) => string;
  object?: (value: Json) => Json;
}

function changed(value: unknown, change: Change, key = '', parent = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => changed(item, change, key, parent));
  if (typeof value === 'string') return change.text?.(value, key, parent) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(change.object?.(value as Json) ?? value).map(([name, child]) => [
    MAPS.has(key) ? name : (change.key?.(name) ?? name),
    changed(child, change, name, key),
  ]);
  return Object.fromEntries(entries);
}

const constants = (write: (constant: { bare: string; number: number }) => unknown): Change => ({
  text: (value) => {
    const constant = CONSTANTS.get(value);
    return constant === undefined ? value : write(constant);
  },
});
const isBytes = (key: string, parent: string): boolean => key === 'data' || parent === 'metadata';

const WRITERS: Record<string, (history: Exported, message: object) => unknown> = {
  'exports of today': (history) => history,
  'enums without their prefix': (history) =>
    changed(
      history,
      constants(({ bare }) => bare),
    ),
  'enums in PascalCase': (history) =>
    changed(
      history,
      constants(({ bare }) => pascal(bare)),
    ),
  'enums as numbers': (history) =>
    changed(
      history,
      constants(({ number }) => number),
    ),
  'fields in snake_case': (history) => changed(history, { key: snake }),
  'base64 for addresses, without padding': (history) =>
    changed(history, {
      text: (value, key, parent) =>
        isBytes(key, parent) ? Buffer.from(value, 'base64').toString('base64url') : value,
    }),
  'null for what is not there': (history) =>
    changed(history, {
      object: (value) =>
        'eventId' in value
          ? { links: null, workerMayIgnore: null, userMetadata: null, ...value }
          : 'metadata' in value
            ? { data: null, ...value }
            : value,
    }),
  'fields of a newer version': (history) =>
    changed(history, {
      object: (value) => ('eventId' in value ? { ...value, brandNewField: { a: [1] } } : value),
    }),
  'integers as numbers': (history) =>
    changed(history, {
      text: (value, key) =>
        /^(?:taskId|version|historySizeBytes)$|[eE]ventId$/u.test(key) && /^\d+$/u.test(value)
          ? Number(value)
          : value,
    }),
  "protobufjs's own form": (_, message) => JSON.parse(JSON.stringify(message)) as unknown,
  'the list of events alone': ({ events }) => events,
  'the answer of a server': (history) => ({ history, archived: false, nextPageToken: '' }),
  'a list of parts': ({ events }) => [{ events: events.slice(0, 2) }, { events: events.slice(2) }],
  'newest first': ({ events }) => ({ events: events.toReversed() }),
};

describe('every writer means the same history', () => {
  const recorded = readdirSync(FIXTURES)
    .flatMap((set) => readFixtures(set))
    .map(({ read: { history } }) => {
      const message = HistoryMessage.decode(history.bytes);
      return {
        message,
        text: historyToJSON(message),
        bytes: Buffer.from(HistoryMessage.encode(message).finish()).toString('hex'),
      };
    });

  test('of more than a handful of histories', () => {
    expect(recorded.length).toBeGreaterThan(50);
  });

  test.each(Object.keys(WRITERS))('%s', (name) => {
    for (const { message, text, bytes } of recorded) {
      const written = WRITERS[name]?.(JSON.parse(text) as Exported, message);
      expect(bytesOf(written)).toBe(bytes);
    }
  });
});

/** A small history as a server exports it, to be written otherwise. */
const small = (): Exported => ({
  events: [
    {
      eventId: '1',
      eventTime: '2026-11-30T20:12:58.072136061Z',
      eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
      workflowExecutionStartedEventAttributes: {
        workflowType: { name: 'Order' },
        workflowTaskTimeout: '10s',
        input: { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'IngxIg==' }] },
        attempt: 1,
      },
    },
    {
      eventId: '2',
      eventType: 'EVENT_TYPE_WORKFLOW_TASK_FAILED',
      workflowTaskFailedEventAttributes: {
        cause: 'WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW',
        failure: { timeoutFailureInfo: { timeoutType: 'TIMEOUT_TYPE_START_TO_CLOSE' } },
      },
    },
  ],
});

const attributesOf = (history: Exported, event: number): Json =>
  Object.entries(itemAt(history.events, event)).find(([key]) =>
    key.endsWith('EventAttributes'),
  )?.[1] as Json;
const started = (history: Exported): Json => attributesOf(history, 0);
const input = (history: Exported): Json => started(history)['input'] as Json;
const payload = (history: Exported): Json => itemAt(input(history)['payloads'] as Json[], 0);
const reread = (history: unknown): Exported =>
  exported(HistoryMessage.encode(historyFromJson(history)).finish());

/** What is said of the small history with a change in it. */
function problemOf(change: (history: Exported) => unknown): string {
  const history = small();
  const value = change(history);
  try {
    historyFromJson(value ?? history);
  } catch (error) {
    if (error instanceof NotReadable) return error.message;
    throw error;
  }
  return 'it is read';
}

describe('what cannot be read for certain is refused by field and value', () => {
  const set =
    (target: (history: Exported) => Json, name: string, value: unknown) =>
    (history: Exported): void => {
      target(history)[name] = value;
    };
  const first = (history: Exported): Json => itemAt(history.events, 0);
  const failed = (history: Exported): Json => attributesOf(history, 1);
  const inStarted = 'events[0].workflowExecutionStartedEventAttributes';

  test.each<[string, (history: Exported) => unknown, string]>([
    [
      'an unknown enum',
      set(failed, 'cause', 'Whatever'),
      '.cause ("Whatever") is no WorkflowTaskFailedCause',
    ],
    [
      'an enum of another kind',
      set(failed, 'cause', 'StartToClose'),
      '.cause ("StartToClose") is no',
    ],
    ['an enum in lower case', set(failed, 'cause', 'reset_workflow'), '.cause ("reset_workflow")'],
    ['an enum as a number in a text', set(failed, 'cause', '3'), '.cause ("3")'],
    ['an enum that is no integer', set(failed, 'cause', 1.5), '.cause (1.5)'],
    [
      'an enum deep in a failure',
      (history) =>
        set(failed, 'failure', { cause: { timeoutFailureInfo: { timeoutType: 'x' } } })(history),
      '.failure.cause.timeoutFailureInfo.timeoutType ("x") is no TimeoutType',
    ],
    [
      'a time of another form',
      set(first, 'eventTime', '30.11.2026'),
      'events[0].eventTime ("30.11.2026")',
    ],
    ['a day that there is not', set(first, 'eventTime', '2026-02-30T00:00:00Z'), 'no time'],
    ['a time as a number', set(first, 'eventTime', 1764533578), 'eventTime (1764533578)'],
    [
      'a duration in words',
      set(started, 'workflowTaskTimeout', '10 seconds'),
      'workflowTaskTimeout ("10 seconds")',
    ],
    [
      'a duration as a number',
      set(started, 'workflowTaskTimeout', 1e10),
      'workflowTaskTimeout (10000000000)',
    ],
    ['an integer that lost digits', set(first, 'taskId', 2 ** 60), 'events[0].taskId'],
    [
      'an integer out of range',
      set(started, 'attempt', '2147483648'),
      '.attempt ("2147483648") is no int32',
    ],
    ['an integer with a fraction', set(started, 'attempt', 1.5), '.attempt (1.5)'],
    ['a text that is none', set(started, 'identity', 5), '.identity (5) is no text'],
    ['a flag that is a text', set(first, 'workerMayIgnore', 'true'), 'workerMayIgnore ("true")'],
    [
      'a field that is nearly one',
      set(started, 'WorkflowType', {}),
      '.WorkflowType is written otherwise than the field workflowType',
    ],
    ['a field said twice', set(started, 'workflow_type', {}), 'says a second time'],
    ['attributes of two types', set(first, 'timerFiredEventAttributes', {}), 'says a second time'],
    [
      'an event without its attributes',
      (history) => delete first(history)['workflowExecutionStartedEventAttributes'] && undefined,
      'has no workflowExecutionStartedEventAttributes',
    ],
    [
      'attributes of another type',
      set(first, 'eventType', 'TimerFired'),
      'EVENT_TYPE_TIMER_FIRED and has no timerFiredEventAttributes',
    ],
    [
      'a message that is a text',
      set(started, 'workflowType', 'Order'),
      `${inStarted}.workflowType ("Order") is no object`,
    ],
    ['a list that is none', set(input, 'payloads', {}), '.input.payloads is no list'],
    ['no event type', set(first, 'eventType', null), 'events[0].eventType is null'],
    ['an unspecified event', set(first, 'eventType', 'EVENT_TYPE_UNSPECIFIED'), 'does not know'],
    [
      'an unknown event',
      set(first, 'eventType', 'EVENT_TYPE_NEW'),
      'events[0].eventType is "EVENT_TYPE_NEW", a type of event that this version does not know',
    ],
    ['an unknown event by number', set(first, 'eventType', 999), 'events[0].eventType is 999'],
    ['an event that is none', ({ events }) => [events[0], 5], 'events[1] is no event'],
    [
      'a page that others follow',
      (history) => ({ history, nextPageToken: 'YQ==' }),
      'one page of a history',
    ],
    [
      'a Workflow ID that is none',
      (history) => ({ ...history, workflowId: 5 }),
      'workflowId is no text',
    ],
    ['no list of events', () => ({ name: 'package' }), 'no list "events"'],
  ])('%s', (_, change, words) => {
    expect(problemOf(change)).toContain(words);
  });

  const encodingOf = (encoding: string): Json => ({
    encoding: Buffer.from(encoding).toString('base64'),
  });
  test.each<[string, unknown, string]>([
    ['a value in its place', { orderId: 'secret' }, 'decoded payloads'],
    ['a text in its place', 'secret', 'decoded payloads'],
    ['a list in its place', ['secret'], 'decoded payloads'],
    [
      'data that is a value',
      { metadata: encodingOf('json/plain'), data: { a: 'secret' } },
      'decoded payloads',
    ],
    [
      'data that is a bare value',
      { metadata: encodingOf('json/plain'), data: 'true' },
      'decoded payloads',
    ],
    ['a value with a field data', { data: 'c2VjcmV0' }, 'decoded payloads'],
    ['nothing in its place', null, 'null data'],
    [
      'no data where there must be some',
      { metadata: encodingOf('json/plain'), data: null },
      'null data',
    ],
    [
      'data in another encoding',
      { metadata: encodingOf('json/plain'), data: '{"secret":1}' },
      'payloads[0].data is not base64 (wrong encoding)',
    ],
    [
      'data with bits to spare',
      { metadata: encodingOf('json/plain'), data: 'IngxIh==' },
      'wrong encoding',
    ],
    ['data cut off', { metadata: encodingOf('json/plain'), data: 'IngxI' }, 'wrong encoding'],
    [
      'plain metadata',
      { metadata: { encoding: 'json/plain' }, data: 'IngxIg==' },
      'metadata.encoding is not base64 (wrong encoding)',
    ],
    [
      'plain metadata that is base64 too',
      { metadata: { encoding: 'binary/plain' }, data: 'IngxIg==' },
      'wrong encoding',
    ],
  ])('a payload: %s', (_, value, words) => {
    const problem = problemOf((history) => {
      input(history)['payloads'] = [value];
    });
    expect(problem).toContain(words);
    expect(problem).toContain(
      'events[0].workflowExecutionStartedEventAttributes.input.payloads[0]',
    );
    expect(problem).not.toContain('secret');
  });
});

describe('what is certain is read', () => {
  test('an argument without a value', () => {
    const history = small();
    Object.assign(payload(history), { metadata: { encoding: 'YmluYXJ5L251bGw=' }, data: null });
    const read = payload(reread(history));
    expect(read).toEqual({ metadata: { encoding: 'YmluYXJ5L251bGw=' } });
  });

  test('a number of an enum that is not known stays', () => {
    const history = small();
    attributesOf(history, 1)['cause'] = 98;
    expect(attributesOf(reread(history), 1)['cause']).toBe(98);
  });

  test.each([
    ['2026-11-30T22:12:58.5+02:00', '2026-11-30T20:12:58.500Z'],
    ['1969-12-31T23:59:59.25Z', '1969-12-31T23:59:59.250Z'],
  ])('the time %s', (written, time) => {
    const history = small();
    itemAt(history.events, 0)['eventTime'] = written;
    expect(itemAt(reread(history).events, 0)['eventTime']).toBe(time);
  });

  test.each(['0s', '1.500s', '-1.500s', '0.000000001s', '315576000s'])(
    'the duration %s',
    (written) => {
      const history = small();
      started(history)['workflowTaskTimeout'] = written;
      expect(started(reread(history))['workflowTaskTimeout']).toBe(written);
    },
  );

  test('an integer beyond those of JSON, as a text', () => {
    const history = small();
    itemAt(history.events, 0)['taskId'] = '9223372036854775807';
    expect(itemAt(reread(history).events, 0)['taskId']).toBe('9223372036854775807');
  });

  test.each<[string, Json]>([
    [
      'by name',
      { eventType: 'EVENT_TYPE_NEW', newEventAttributes: { a: 1 }, workerMayIgnore: true },
    ],
    ['by number', { event_type: 999, new_event_attributes: { a: 1 }, worker_may_ignore: true }],
    ['without a type', { timerFiredEventAttributes: {}, workerMayIgnore: true }],
  ])('an unknown event that a worker may ignore, %s', (_, event) => {
    const history = small();
    history.events.push({ eventId: '3', ...event });
    const read = historyFromJson(history).events[2];
    expect(read).toEqual({
      eventId: 3,
      workerMayIgnore: true,
      ...('event_type' in event ? { eventType: 999 } : {}),
    });
  });

  test.each<[string, (history: Exported) => unknown]>([
    ['beside the events', (history) => ({ ...history, workflowId: 'w', runId: 'r' })],
    ['in snake_case', (history) => ({ ...history, workflow_id: 'w', run_id: 'r' })],
    ['beside the history', (history) => ({ history, workflowId: 'w', runId: 'r' })],
    ['within the history', (history) => ({ history: { ...history, workflowId: 'w', runId: 'r' } })],
    ['as an execution', (history) => ({ ...history, execution: { workflowId: 'w', runId: 'r' } })],
  ])('the IDs %s', (_, write) => {
    expect(historyFromJson(write(small()))).toMatchObject({ workflowId: 'w', runId: 'r' });
  });
});

test('of what cannot be read, its type and its last event are told where they can be seen', () => {
  const seen = { workflowType: 'Order', lastEvent: EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED };
  const history = small();
  input(history)['payloads'] = ['decoded'];
  expect(glimpse(history)).toEqual(seen);
  expect(glimpse({ events: history.events.toReversed() })).toEqual(seen);
  expect(glimpse(changed(history, { key: snake }))).toEqual(seen);
  expect(glimpse({ name: 'package' })).toEqual({});
});
