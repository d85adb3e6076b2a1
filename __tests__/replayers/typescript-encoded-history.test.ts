import { describe, expect, it } from '@jest/globals';
import proto from '@temporalio/proto';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import { historyReader } from '../../replayers/typescript/encoded-history.js';

/** As the SDK's, and nobody else's: what is replaced in it stays replaced. */
function aClass(): typeof HistoryMessage {
  return Object.create(HistoryMessage) as typeof HistoryMessage;
}

function bytesOf(identityLength: number): Uint8Array {
  return HistoryMessage.encode({
    events: [
      {
        eventId: 1 as never,
        eventType: proto.temporal.api.enums.v1.EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        workflowExecutionStartedEventAttributes: { identity: 'x'.repeat(identityLength) },
      },
    ],
  }).finish();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('a history that came encoded', () => {
  // Around each length that takes another byte to write.
  it.each([0, 100, 110, 130, 16_360, 16_400, 2_097_200])(
    'goes to the native part as the SDK itself would write it: %s',
    (identityLength) => {
      const bytes = bytesOf(identityLength);
      const history = aClass();
      const expected = HistoryMessage.encodeDelimited(HistoryMessage.decode(bytes)).finish();
      const read = historyReader(history, true)(bytes) as object;
      const encoded = history.encodeDelimited(read).finish();
      expect(hex(encoded)).toBe(hex(expected));
    },
  );

  it('leaves others to the SDK', () => {
    const history = aClass();
    historyReader(history, true);
    const decoded = HistoryMessage.decode(bytesOf(3));
    expect(history.encodeDelimited(decoded).finish()).toEqual(
      HistoryMessage.encodeDelimited(decoded).finish(),
    );
  });

  it.each([
    ['without the acceleration', aClass, false],
    ['where the SDK cannot be told', () => Object.freeze(aClass()), true],
  ])('is decoded %s', (_, make, isAccelerated) => {
    const history = historyReader(make(), isAccelerated)(bytesOf(3));
    expect(history).toEqual(HistoryMessage.decode(bytesOf(3)));
  });
});
