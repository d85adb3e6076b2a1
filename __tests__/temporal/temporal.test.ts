import { expect, test } from '@jest/globals';
import proto from '@temporalio/proto';
import type { Target, WorkerDeploymentTarget } from '../../src/model/target.js';
import { temporalServer } from '../../src/temporal/temporal.js';
import { FakeServer } from '../builders/fake-server.js';

const { ListWorkflowExecutionsResponse } = proto.temporal.api.workflowservice.v1;

const SCOPE = {
  versioning: 'auto',
  deploymentName: undefined,
  taskQueues: [],
  query: undefined,
} as const;

const DEPLOYMENT: WorkerDeploymentTarget = {
  kind: 'worker-deployment',
  address: 'localhost:7233',
  namespace: 'default',
  buildId: 'v1',
  deploymentName: 'orders',
  versions: [],
  taskQueues: ['orders'],
  liveBuildIds: ['v1'],
  groups: [
    { group: 'auto-upgrade', query: 'a query' },
    { group: 'closed', query: 'another one' },
  ],
};

async function askedFor(target: Target): Promise<unknown[]> {
  const fake = new FakeServer({
    listWorkflowExecutions: () => ListWorkflowExecutionsResponse.fromObject({}),
  });
  await temporalServer(fake.server, SCOPE).listExecutions(target);
  return fake.requests.map(({ request }) => request['query']);
}

test('executions of a Worker Deployment are listed by each of its queries, others by their one', async () => {
  expect(await askedFor(DEPLOYMENT)).toEqual(['a query', 'another one']);
  expect(
    await askedFor({
      kind: 'query',
      address: 'localhost:7233',
      namespace: 'default',
      buildId: 'v1',
      query: 'the one',
    }),
  ).toEqual(['the one']);
});
