import { expect, test } from '@jest/globals';
import { executionKey } from '../../src/model/coverage.js';
import { findLeftByReset } from '../../src/temporal/find-left-by-reset.js';
import { aClosedExecution } from '../builders/executions.js';
import { FakeServer, grpcError } from '../builders/fake-server.js';

const execution = aClosedExecution({ workflowId: 'order-1', runId: 'run-1' });

const describing = (answer: () => unknown): FakeServer =>
  new FakeServer({ describeWorkflowExecution: answer });

test('a closed run is left by a reset when its description names the run in its place', async () => {
  const fake = describing(() => ({ workflowExtendedInfo: { resetRunId: 'run-2' } }));
  expect(await findLeftByReset(fake.server, [execution])).toEqual(
    new Set([executionKey(execution)]),
  );
  expect(fake.requests[0]?.request).toMatchObject({
    namespace: 'default',
    execution: { workflowId: 'order-1', runId: 'run-1' },
  });
});

test('one that was not reset, or that has vanished, is not', async () => {
  const without = describing(() => ({ workflowExtendedInfo: { resetRunId: '' } }));
  expect((await findLeftByReset(without.server, [execution])).size).toBe(0);
  const gone = describing(() => Promise.reject(grpcError(5, 'NOT_FOUND', 'workflow not found')));
  expect((await findLeftByReset(gone.server, [execution])).size).toBe(0);
});

test('of many, some are asked about', async () => {
  const fake = describing(() => ({ workflowExtendedInfo: { resetRunId: 'run-2' } }));
  const many = Array.from({ length: 250 }, () => aClosedExecution());
  expect((await findLeftByReset(fake.server, many)).size).toBe(100);
  expect(fake.requests).toHaveLength(100);
});

test('any other failure is told', async () => {
  const error = grpcError(14, 'UNAVAILABLE', 'gone fishing');
  const fake = describing(() => Promise.reject(error));
  await expect(findLeftByReset(fake.server, [execution])).rejects.toBe(error);
});
