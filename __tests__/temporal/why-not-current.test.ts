import { expect, test } from '@jest/globals';
import { whyNotCurrent } from '../../src/temporal/why-not-current.js';
import { FakeServer } from '../builders/fake-server.js';

const of = (name: string, ...taskQueues: string[]) => ({
  deployment: { name, versions: [] },
  taskQueues,
});

function moving(count: number): FakeServer {
  return new FakeServer({ countWorkflowExecutions: () => ({ count }) });
}

test('a deployment without a current version is passed over where nothing of it moves', async () => {
  const fake = moving(0);
  expect(
    await whyNotCurrent(fake.server, [of('web', 'orders')], [of('legacy', 'orders')], ['orders']),
  ).toBeUndefined();
  expect(fake.requests[0]?.request['query']).toBe(
    'TemporalWorkerDeployment = "legacy" AND TemporalWorkflowVersioningBehavior = "AutoUpgrade" AND CloseTime IS NULL AND TaskQueue = "orders"',
  );
});

test('it is told where its auto-upgrade executions run', async () => {
  expect(
    await whyNotCurrent(
      moving(3).server,
      [of('web', 'orders')],
      [of('legacy', 'orders', 'elsewhere')],
      ['orders'],
    ),
  ).toMatch(
    /^Worker Deployment legacy has no current version, and 3 of its auto-upgrade executions run on orders\. Set one/u,
  );
});

test('it is told where no other deployment polled the queue, and nothing is counted', async () => {
  const fake = moving(0);
  expect(
    await whyNotCurrent(
      fake.server,
      [of('web', 'orders')],
      [of('legacy', 'orders', 'returns')],
      ['orders', 'returns'],
    ),
  ).toMatch(
    /^Worker Deployment legacy, which polled on returns, has no current version\. Set one/u,
  );
  expect(fake.requests).toEqual([]);
});
