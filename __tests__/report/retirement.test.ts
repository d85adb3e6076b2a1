import { describe, expect, test } from '@jest/globals';
import type { VersionsInUse } from '../../src/model/versions-in-use.js';
import { retirementJson, retirementOutputs } from '../../src/report/retirement-json.js';
import { renderRetirementSummary } from '../../src/report/retirement-summary.js';
import { renderRetirementText } from '../../src/report/retirement-text.js';
import { agoWords } from '../../src/report/retirement-words.js';
import { COLOURED, PLAIN } from '../../src/report/style.js';
import { judgeVersions } from '../../src/retirement/judge-versions.js';
import { concludeRetirement } from '../../src/verdict/conclude-retirement.js';
import { expectGolden } from '../builders/golden.js';
import {
  aDeployment,
  aDeploymentVersion,
  aPoller,
  aQueue,
  minutesAgo,
  NOW,
  running,
  versionsInUse,
} from '../builders/versions.js';

const b = aDeploymentVersion;

/** b2 is current, b1 holds an old pinned execution and has lost its workers, b0 can go. */
const LIFE: Partial<VersionsInUse> = {
  deployments: [aDeployment({ b2: undefined, b1: 'draining', b0: 'drained' }, { current: 'b2' })],
  queues: [
    aQueue({
      current: { deploymentName: 'orders', buildId: 'b2' },
      pollers: [aPoller(b('b2')), aPoller(b('b1'), 4), aPoller(b('b0'))],
    }),
  ],
  running: [
    running(1, { last: b('b1'), behavior: 'pinned', oldest: minutesAgo(60 * 24 * 40) }),
    running(12, { last: b('b2'), behavior: 'auto-upgrade', oldest: minutesAgo(90) }),
  ],
};

function told(changes: Partial<VersionsInUse> = LIFE) {
  const retirement = judgeVersions(versionsInUse(changes), { deploymentName: undefined });
  const verdict = concludeRetirement(retirement, { failOnStuck: false });
  return {
    retirement,
    text: renderRetirementText(retirement, verdict, PLAIN),
    summary: renderRetirementSummary(retirement, verdict),
    coloured: renderRetirementText(retirement, verdict, COLOURED),
  };
}

test('a terminal and a summary tell the same', () => {
  const { text, summary } = told();
  expectGolden('terminal/retirement.txt', `${text}\n`);
  expectGolden('summary/retirement.md', summary);
});

test('colours change nothing else', () => {
  const { text, coloured } = told();
  expect(coloured.replace(/\u001b\[\d+m/gu, '')).toBe(text);
});

test('an empty namespace is told as one', () => {
  const { text } = told({});
  expect(text).toBe(
    'No version, no running execution and no worker was found.\n\nNo running execution is stuck.',
  );
});

test('outputs name what can go with its command, and what is stuck', () => {
  const { retirable = '', stuck = '' } = retirementOutputs(told().retirement);
  expect(JSON.parse(retirable)).toEqual([
    {
      kind: 'worker-deployment',
      deployment: 'orders',
      buildId: 'b0',
      taskQueues: ['orders'],
      polls: true,
      command:
        'temporal worker deployment delete-version --deployment-name orders --build-id b0 --address localhost:7233 --namespace default',
    },
  ]);
  expect(JSON.parse(stuck)).toEqual([
    {
      kind: 'worker-deployment',
      deployment: 'orders',
      buildId: 'b1',
      taskQueues: ['orders'],
      executions: 1,
    },
  ]);
});

test('JSON holds every version with what keeps it', () => {
  expect(retirementJson(told().retirement)).toMatchObject({
    asOf: NOW,
    versions: [
      { buildId: 'b2', status: 'current', retirable: false, stuck: 0 },
      { buildId: 'b1', status: 'draining', polls: false, lastPoll: minutesAgo(4), stuck: 1 },
      { buildId: 'b0', status: 'drained', retirable: true, keptBy: [] },
    ],
  });
});

test('names of workers change nothing in a terminal, and mean nothing in a summary or a shell', () => {
  const name = "x\u001b[31m';$(id)`|<b>@you\n::error::";
  const { text, summary, retirement } = told({
    deployments: [aDeployment({ [name]: 'drained' })],
    notes: [name],
  });
  for (const shown of [text, summary]) expect(shown).not.toMatch(/\u001b|\n::error/u);
  expect(summary).not.toMatch(/<b>|@you/u);
  expect(retirementOutputs(retirement)['retirable']).toContain("--build-id 'x'\\\\'';$(id)");
});

describe('an age', () => {
  test.each([
    [0, '0 s'],
    [1.5, '90 s'],
    [5, '5 min'],
    [60 * 7, '7 h'],
    [60 * 24 * 23, '23 d'],
    [-1, '0 s'],
  ])('of %d minutes is %s', (minutes, words) => {
    expect(agoWords(minutesAgo(minutes), NOW)).toBe(words);
  });
});
