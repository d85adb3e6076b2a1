import { describe, expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import { withRawHistory } from '../../src/temporal/raw-history.js';
import { EventHistory } from '../builders/event-history.js';

const { GetWorkflowExecutionHistoryResponse } = proto.temporal.api.workflowservice.v1;
const { ENCODING_TYPE_PROTO3 } = proto.temporal.api.enums.v1.EncodingType;

const EVENTS = new EventHistory().task().activity('charge').events;
const nextPageToken = Buffer.from('more');

describe("a server's answer", () => {
  test('has its events as bytes, and all else as it was', () => {
    const answer = { history: { events: EVENTS }, nextPageToken, archived: true };
    const bytes = withRawHistory(GetWorkflowExecutionHistoryResponse.encode(answer).finish());
    const { history, rawHistory, ...rest } = GetWorkflowExecutionHistoryResponse.decode(bytes);
    expect(history).toBeNull();
    expect(rest).toMatchObject({ nextPageToken, archived: true });
    expect(rawHistory).toHaveLength(1);
    expect(rawHistory[0]?.encodingType).toBe(ENCODING_TYPE_PROTO3);
    expect(Buffer.from(rawHistory[0]?.data ?? [])).toEqual(
      Buffer.from(HistoryMessage.encode({ events: EVENTS }).finish()),
    );
  });

  test('whose history is raw already stays as it is', () => {
    const data = HistoryMessage.encode({ events: EVENTS }).finish();
    const rawHistory = [{ encodingType: ENCODING_TYPE_PROTO3, data }];
    const bytes = GetWorkflowExecutionHistoryResponse.encode({ rawHistory }).finish();
    expect(withRawHistory(bytes)).toEqual(Buffer.from(bytes));
  });

  test.each([
    ['is empty', Buffer.alloc(0)],
    ['ends within a field', Buffer.from([10, 200, 1, 1])],
    ['is something else', Buffer.from([0xff, 0xff, 0xff])],
  ])('that %s is left to the client', (_, bytes) => {
    expect(withRawHistory(bytes)).toEqual(bytes);
  });
});
