import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect, test } from '@jest/globals';
import { historyFromJson } from '../../../src/temporal/history/history-json.js';
import { jsonOfHistory } from '../../../src/temporal/history/json-of-history.js';
import { HistoryMessage } from '../../../src/temporal/history/proto.js';
import { readFixtures } from '../../fixtures/histories.js';

const IDS = { workflowId: 'order-1041', runId: 'run-1' };

test.each([
  'commands-1.24.0',
  'orders-1.24.0',
  'orders-encrypted-1.24.0',
  'commands-go-1.50.0',
  'java-commands-1.38.0',
  'python-commands-1.35.0',
])('%s: what is written is read again, by us and by the SDK', (set) => {
  for (const { read } of readFixtures(set)) {
    const json: unknown = JSON.parse(jsonOfHistory(read.history.bytes, IDS));
    const ours = historyFromJson(json);
    expect(ours).toMatchObject(IDS);
    expect(HistoryMessage.encode({ events: ours.events }).finish()).toEqual(
      new Uint8Array(read.history.bytes),
    );
    const theirs = historyFromJSON(json);
    expect(HistoryMessage.encode(theirs).finish()).toEqual(new Uint8Array(read.history.bytes));
  }
});
