import { expect, test } from '@jest/globals';
import { encodedPayloads } from '../../../src/temporal/codec/encoded-payloads.js';
import { HistoryMessage, type IHistoryEvent } from '../../../src/temporal/history/proto.js';

/** A payload whose data names the place where it stands. */
const at = (place: string, encoding = 'binary/encrypted') => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(place),
});

function placesIn(...events: IHistoryEvent[]): string[] {
  const history = HistoryMessage.decode(HistoryMessage.encode({ events }).finish());
  return encodedPayloads(history).map(({ data }) => Buffer.from(data ?? []).toString());
}

const failure = (place: string) => ({
  message: 'Encoded failure',
  encodedAttributes: at(`${place}: encoded attributes`),
  applicationFailureInfo: { details: { payloads: [at(`${place}: details`)] } },
});

test.each<[place: string, event: IHistoryEvent, found: string[]]>([
  [
    'input',
    {
      workflowExecutionStartedEventAttributes: { input: { payloads: [at('one'), at('two')] } },
    },
    ['one', 'two'],
  ],
  [
    'header',
    { workflowExecutionStartedEventAttributes: { header: { fields: { trace: at('trace') } } } },
    ['trace'],
  ],
  [
    'memo',
    { workflowExecutionStartedEventAttributes: { memo: { fields: { note: at('note') } } } },
    ['note'],
  ],
  [
    'result',
    { activityTaskCompletedEventAttributes: { result: { payloads: [at('result')] } } },
    ['result'],
  ],
  [
    'marker',
    { markerRecordedEventAttributes: { details: { data: { payloads: [at('data')] } } } },
    ['data'],
  ],
  [
    'failure and its cause',
    { activityTaskFailedEventAttributes: { failure: { ...failure('a'), cause: failure('b') } } },
    ['a: encoded attributes', 'a: details', 'b: encoded attributes', 'b: details'],
  ],
  [
    'update',
    {
      workflowExecutionUpdateAcceptedEventAttributes: {
        acceptedRequest: { input: { args: { payloads: [at('argument')] } } },
      },
    },
    ['argument'],
  ],
  [
    'Nexus operation',
    { nexusOperationScheduledEventAttributes: { input: at('input') } },
    ['input'],
  ],
  ['summary', { userMetadata: { summary: at('summary') } }, ['summary']],
])('payloads are found in a %s', (_, event, found) => {
  expect(placesIn(event).sort()).toEqual([...found].sort());
});

test('search attributes are left alone: the server reads them', () => {
  const searchAttributes = { indexedFields: { Customer: at('customer') } };
  expect(
    placesIn(
      { workflowExecutionStartedEventAttributes: { searchAttributes } },
      { upsertWorkflowSearchAttributesEventAttributes: { searchAttributes } },
      { startChildWorkflowExecutionInitiatedEventAttributes: { searchAttributes } },
    ),
  ).toEqual([]);
});

test('what is not encoded is not sent', () => {
  const plain = ['json/plain', 'json/protobuf', 'binary/plain', 'binary/protobuf', 'binary/null'];
  const payloads = [
    ...plain.map((encoding) => at(encoding, encoding)),
    { data: Buffer.from('no encoding') },
    at('compressed', 'binary/zlib'),
  ];
  expect(placesIn({ activityTaskCompletedEventAttributes: { result: { payloads } } })).toEqual([
    'compressed',
  ]);
});
