import { expect, test } from '@jest/globals';
import { describeDeployment } from '../../src/temporal/worker-deployments.js';
import { FakeServer, grpcError } from '../builders/fake-server.js';

const late = grpcError(4, 'DEADLINE_EXCEEDED', 'context deadline exceeded');

/** A server whose first answers about a deployment are these failures. */
function failingFirst(...failures: Error[]): FakeServer {
  return new FakeServer({
    describeWorkerDeployment: () => {
      const failure = failures.shift();
      return failure === undefined
        ? { workerDeploymentInfo: { name: 'orders' } }
        : Promise.reject(failure);
    },
  });
}

test('a description that ran out of time is asked for once more', async () => {
  const fake = failingFirst(late);
  expect(await describeDeployment(fake.server, 'orders')).toMatchObject({ name: 'orders' });
  expect(fake.requests).toHaveLength(2);
});

test('one that runs out of time again is an error', async () => {
  await expect(describeDeployment(failingFirst(late, late).server, 'orders')).rejects.toBe(late);
});

test('one that is refused is not asked for again', async () => {
  const denied = grpcError(7, 'PERMISSION_DENIED', 'Request unauthorized.');
  const fake = failingFirst(denied);
  await expect(describeDeployment(fake.server, 'orders')).rejects.toBe(denied);
  expect(fake.requests).toHaveLength(1);
});
