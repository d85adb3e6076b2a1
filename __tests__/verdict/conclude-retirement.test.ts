import { expect, test } from '@jest/globals';
import { judgeVersions } from '../../src/retirement/judge-versions.js';
import { concludeRetirement } from '../../src/verdict/conclude-retirement.js';
import {
  aDeployment,
  aDeploymentVersion,
  aQueue,
  running,
  versionsInUse,
} from '../builders/versions.js';

const pinned = running(2, { last: aDeploymentVersion('b1'), behavior: 'pinned' });
const judge = (queue: ReturnType<typeof aQueue>) =>
  judgeVersions(
    versionsInUse({
      deployments: [aDeployment({ b1: 'draining' })],
      queues: [queue],
      running: [pinned],
    }),
    { deploymentName: undefined },
  );

test('stuck executions are red only where that is wanted', () => {
  const stuck = judge(aQueue());
  expect(concludeRetirement(stuck, { failOnStuck: false })).toEqual({
    passes: true,
    summary: '2 running executions are stuck: no worker polls for them.',
  });
  expect(concludeRetirement(stuck, { failOnStuck: true }).passes).toBe(false);
});

test('where nobody says who polls, nobody says that nothing is stuck', () => {
  const unknown = judge({ name: 'orders', sets: [] });
  expect(concludeRetirement(unknown, { failOnStuck: false }).passes).toBe(true);
  expect(concludeRetirement(unknown, { failOnStuck: true })).toEqual({
    passes: false,
    summary: 'Whether a worker polls for 2 running executions is not known.',
  });
});

test('executions that wait for a first worker are stuck too', () => {
  const waiting = { versions: [], unserved: [{ taskQueue: 'orders', count: 1 }] };
  expect(concludeRetirement(waiting, { failOnStuck: true })).toEqual({
    passes: false,
    summary: '1 running execution is stuck: no worker polls for it.',
  });
});
