import { describe, expect, test } from '@jest/globals';
import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import { UserError } from '../../src/model/user-error.js';
import { gapIn, readHistory } from '../../src/temporal/read-history.js';
import { EventHistory } from '../builders/event-history.js';
import { anExecution } from '../builders/executions.js';
import { FakeServer, grpcError } from '../builders/fake-server.js';

const execution = anExecution({ workflowId: 'order-1', runId: 'run-1' });

const EVENTS = new EventHistory().task().activity('charge').timer().events;

/** A server that gives a history in these pages. */
function paged(...pages: IHistoryEvent[][]): FakeServer {
  return new FakeServer({
    getWorkflowExecutionHistory: ({ nextPageToken }) => {
      const page = (nextPageToken as Uint8Array)[0] ?? 0;
      return {
        history: { events: pages[page] },
        nextPageToken: page + 1 < pages.length ? Uint8Array.of(page + 1) : new Uint8Array(),
      };
    },
  });
}

const failing = (error: Error): FakeServer =>
  new FakeServer({ getWorkflowExecutionHistory: () => Promise.reject(error) });

describe('a history', () => {
  test('is read whole, of that run, and prepared for replay', async () => {
    const fake = paged(EVENTS.slice(0, 3), EVENTS.slice(3));
    const read = await readHistory(fake.server, execution);
    expect(read).toMatchObject({ kind: 'read', history: { eventCount: 6, completedTasks: 1 } });
    expect(fake.requests).toHaveLength(2);
    expect(fake.requests[0]?.request).toMatchObject({
      namespace: 'default',
      execution: { workflowId: 'order-1', runId: 'run-1' },
    });
  });

  test.each([
    ['history-resetter', true],
    ['an operator', undefined],
  ])('that %s terminated is marked as left by a reset: %s', async (identity, isLeftByReset) => {
    const { events } = new EventHistory().task().timer().terminated(identity);
    const read = await readHistory(paged(events).server, execution);
    expect(read.execution.isLeftByReset).toBe(isLeftByReset);
  });

  test('with a gap is unreadable, and the gap is named', async () => {
    const read = await readHistory(paged(EVENTS.filter((_, at) => at !== 2)).server, execution);
    expect(read).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('event 3') });
  });

  test.each([
    ['in another encoding', { encodingType: 2, data: Buffer.from('[]') }],
    ['that cannot be decoded', { encodingType: 1, data: Buffer.from([10, 200, 1]) }],
  ])('whose events come %s is unreadable', async (_, part) => {
    const fake = new FakeServer({ getWorkflowExecutionHistory: () => ({ rawHistory: [part] }) });
    const message = 'the server sent events that cannot be decoded';
    expect(await readHistory(fake.server, execution)).toMatchObject({
      kind: 'unreadable',
      message,
    });
  });

  test('whose pages come without events and do not end is unreadable', async () => {
    const fake = new FakeServer({
      getWorkflowExecutionHistory: () => ({ nextPageToken: Uint8Array.of(1) }),
    });
    const read = await readHistory(fake.server, execution);
    expect(read).toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('do not end'),
    });
    expect(fake.requests.length).toBeLessThan(20);
  });

  test('whose pages repeat themselves is unreadable, at the first that does', async () => {
    const fake = new FakeServer({
      getWorkflowExecutionHistory: () => ({
        history: { events: EVENTS },
        nextPageToken: Uint8Array.of(1),
      }),
    });
    const read = await readHistory(fake.server, execution);
    expect(read).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('missing') });
    expect(fake.requests).toHaveLength(2);
  });

  test('of which the server sends less than it listed is unreadable', async () => {
    const listed = { ...execution, historyLength: EVENTS.length };
    const whole = await readHistory(paged(EVENTS).server, listed);
    expect(whole.kind).toBe('read');
    const part = await readHistory(paged(EVENTS.slice(0, -1)).server, listed);
    const message = `the server sent ${EVENTS.length - 1} of its ${EVENTS.length} events`;
    expect(part).toMatchObject({ kind: 'unreadable', message });
  });

  test.each([
    ['of another execution is unreadable', 'order-2', 'unreadable'],
    ['that does not name its execution is read', '', 'read'],
    ['that names its execution is read', 'order-1', 'read'],
  ])('%s', async (_, workflowId, kind) => {
    const [first, ...rest] = EVENTS;
    const started = { ...first?.workflowExecutionStartedEventAttributes, workflowId };
    const events = [{ ...first, workflowExecutionStartedEventAttributes: started }, ...rest];
    const read = await readHistory(paged(events).server, execution);
    expect(read.kind).toBe(kind);
  });

  test.each(['order-1', 'namespace-cleanup', 'Namespace x is not found.'])(
    'that vanished is gone, also when its Workflow ID is %s',
    async (workflowId) => {
      const words = `workflow not found for ID: ${workflowId}`;
      const read = await readHistory(failing(grpcError(5, 'NOT_FOUND', words)).server, execution);
      expect(read).toEqual({ kind: 'gone', execution });
    },
  );

  test('is not gone when the whole namespace is not there', async () => {
    const error = grpcError(5, 'NOT_FOUND', 'Namespace orders is not found.');
    await expect(readHistory(failing(error).server, execution)).rejects.toBe(error);
  });

  test.each([grpcError(14, 'UNAVAILABLE', 'try later'), grpcError(7, 'PERMISSION_DENIED', 'no')])(
    'that cannot be read for another reason is an error: $message',
    async (error) => {
      await expect(readHistory(failing(error).server, execution)).rejects.toBe(error);
    },
  );
});

test('an error of the server is told without the IDs that it names', async () => {
  const error = new UserError({
    found: 'The Temporal server answers with an error (order-1 of run-1 is corrupt)',
    expected: 'an answer',
    fix: "look into the server's log",
  });
  const thrown: unknown = await readHistory(failing(error).server, execution).catch(
    (problem: unknown) => problem,
  );
  expect(thrown).toMatchObject({
    found: 'The Temporal server answers with an error (… of … is corrupt)',
    expected: 'an answer',
    fix: "look into the server's log",
  });
  const short = anExecution({ workflowId: 'a', runId: 'e' });
  await expect(readHistory(failing(error).server, short)).rejects.toBe(error);
});

describe('a gap', () => {
  test('is none in a history from event 1 on', () => {
    expect(gapIn(EVENTS)).toBeUndefined();
    expect(gapIn([])).toBeUndefined();
  });

  test.each([
    ['at the beginning', EVENTS.slice(1), 'event 1 is missing'],
    ['in the middle', [...EVENTS.slice(0, 2), ...EVENTS.slice(3)], 'event 3 is missing'],
    ['of order', [...EVENTS.slice(0, 1), ...EVENTS.slice(2, 3), ...EVENTS.slice(1, 2)], 'event 2'],
    ['where an event comes twice', [...EVENTS.slice(0, 2), ...EVENTS.slice(1)], 'event 3'],
  ])('%s is named', (_, events, words) => {
    expect(gapIn(events)).toContain(words);
  });
});
