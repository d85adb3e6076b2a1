import { expect, test } from '@jest/globals';
import { UserError } from '../../src/model/user-error.js';
import type { Scope } from '../../src/temporal/resolve-target.js';
import { claimable } from '../../src/temporal/claimable.js';
import { FakeServer, type Answers } from '../builders/fake-server.js';

const SCOPE: Scope = {
  versioning: 'worker-deployment',
  deploymentName: undefined,
  taskQueues: [],
  query: undefined,
};

/** Deployments of which each has one version, the current one. */
function deployments(buildIds: readonly string[], more: Answers = {}): FakeServer {
  return new FakeServer({
    listWorkerDeployments: () => ({
      workerDeployments: buildIds.map((_, index) => ({ name: `d${index}` })),
      nextPageToken: new Uint8Array(),
    }),
    describeWorkerDeployment: ({ deploymentName }) => {
      const buildId = buildIds[Number(String(deploymentName).slice(1))];
      return {
        workerDeploymentInfo: {
          routingConfig: { currentDeploymentVersion: { buildId } },
          versionSummaries: [{ deploymentVersion: { buildId } }],
        },
      };
    },
    countWorkflowExecutions: () => ({ count: 3 }),
    ...more,
  });
}

test('ten versions are listed, and how many more there are', async () => {
  const fake = deployments(Array.from({ length: 12 }, (_, index) => `v${index}`));
  const sentence = await claimable(fake.server, SCOPE);
  expect(sentence.match(/\[compatible-/gu)).toHaveLength(10);
  expect(sentence).toMatch(
    /\[compatible-v9\] \(current, Worker Deployment d9, 3 running\), and 2 more\.$/u,
  );
  // Nothing is counted that is not shown.
  expect(fake.requests.filter(({ name }) => name === 'countWorkflowExecutions')).toHaveLength(10);
});

test('many deployments are not all described', async () => {
  const fake = deployments(Array.from({ length: 90 }, (_, index) => `v${index}`));
  await claimable(fake.server, SCOPE);
  expect(fake.requests.filter(({ name }) => name === 'describeWorkerDeployment')).toHaveLength(20);
});

test('an ID that no title can claim is not offered', async () => {
  expect(await claimable(deployments(['v1', 'a]b', 'a b']).server, SCOPE)).toBe(
    'Live versions, to copy: [compatible-v1] (current, Worker Deployment d0, 3 running).',
  );
});

test('names are made visible, and one that no query can carry is not counted', async () => {
  const fake = deployments(['v1'], {
    listWorkerDeployments: () => ({
      workerDeployments: [{ name: 'or\u202e"ders' }],
      nextPageToken: new Uint8Array(),
    }),
    describeWorkerDeployment: () => ({
      workerDeploymentInfo: {
        routingConfig: { currentDeploymentVersion: { buildId: 'v1' } },
        versionSummaries: [{ deploymentVersion: { buildId: 'v1' } }],
      },
    }),
  });
  expect(await claimable(fake.server, SCOPE)).toBe(
    'Live versions, to copy: [compatible-v1] (current, Worker Deployment or\\u{202e}"ders).',
  );
});

test('where the server does not count, the number is missing; where it does not answer, all is', async () => {
  const refuse = (): never => {
    throw new UserError({ found: 'It refuses' });
  };
  const countless = deployments(['v1'], { countWorkflowExecutions: refuse });
  expect(await claimable(countless.server, SCOPE)).toBe(
    'Live versions, to copy: [compatible-v1] (current, Worker Deployment d0).',
  );
  const silent = deployments(['v1'], { listWorkerDeployments: refuse });
  expect(await claimable(silent.server, SCOPE)).toBe('');
});

test('a fault that is no answer of the server is not swallowed', async () => {
  const broken = deployments(['v1'], {
    listWorkerDeployments: () => {
      throw new TypeError('a bug');
    },
  });
  await expect(claimable(broken.server, SCOPE)).rejects.toThrow('a bug');
});
