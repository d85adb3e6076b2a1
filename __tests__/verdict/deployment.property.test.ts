import { expect, test } from '@jest/globals';
import type { UnweighedFinding } from '../../src/diagnosis/failure.js';
import { weigh } from '../../src/diagnosis/weigh.js';
import type { Execution } from '../../src/model/execution.js';
import { conclude } from '../../src/verdict/conclude.js';
import { evidence } from '../builders/evidence.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { aFinding, NO_ROOTS } from '../builders/findings.js';
import { anOutcome } from '../builders/outcomes.js';

/**
 * The verdict against what a deployment meets. A simulated type goes on after the check as it went before: executions
 * arrive by chance, pass the diverging point, stay there for some time, and close. At random moments of the next
 * weeks this code is deployed, and whoever stands past the point then breaks.
 */

const DAY = 24 * 60 * 60 * 1000;
const WINDOW = 7 * DAY;
const AS_OF = Date.parse('2026-06-08T00:00:00Z');

/** How often the check is made, each time of another history of the same type. */
const CHECKS = 200;

interface Type {
  /** Executions that stand past the point at any moment, on average. */
  readonly standing: number;
  /** How long one stays there, on average, in milliseconds. */
  readonly stay: number;
  /** The share of closed executions that were read. */
  readonly read?: number;
}

interface Life {
  readonly started: number;
  readonly passed: number;
  readonly closed: number;
}

/** All executions of the type that start from long before the window on, until weeks after the check. */
function livesOf({ standing, stay }: Type, random: () => number): Life[] {
  const lives: Life[] = [];
  const between = stay / standing;
  // An execution that stays twenty times as long as others do is none in half a billion.
  const from = AS_OF - WINDOW - 20 * stay;
  for (let passed = from; passed < AS_OF + 2 * WINDOW;) {
    passed += exponential(between, random);
    lives.push({ started: passed - 1000, passed, closed: passed + exponential(stay, random) });
  }
  return lives;
}

interface Checked {
  readonly isGreen: boolean;
  /** Of the deployments at random moments, how many executions each meets on average. */
  readonly hits: number;
}

function checkAndDeploy(type: Type, random: () => number): Checked {
  const lives = livesOf(type, random);
  const time = (ms: number): string => new Date(ms).toISOString();
  const started = lives.filter(({ passed }) => passed <= AS_OF);
  const points = new Map<Execution, { readonly completedTime: string }>();
  const listed = started.map(({ started: begun, passed, closed }) => {
    const one =
      closed <= AS_OF
        ? aClosedExecution({ startTime: time(begun), closeTime: time(closed) })
        : anExecution({ startTime: time(begun) });
    points.set(one, { completedTime: time(passed) });
    return one;
  });
  // Every running execution is read, as it is in a check.
  const read = listed.filter(({ status }) => status === 'Running' || random() < (type.read ?? 1));
  const outcomes = read.map((one) => anOutcome('nondeterministic', one));
  const { weight: _, ...finding } = aFinding({ executions: read });
  const unweighed: UnweighedFinding = {
    ...finding,
    roots: NO_ROOTS,
    divergingTasks: points,
    passed: [],
  };
  const context = {
    closed: 'predict' as const,
    closedWindowMs: WINDOW,
    liveBuildIds: new Set(['v1.0']),
    isVersionNamed: true,
    asOf: AS_OF,
    listed,
    listingTruncated: false,
    outcomes,
  };
  const findings = read.length === 0 ? [] : weigh([unweighed], context);
  const { passes } = conclude(evidence({ listed, outcomes, findings }));

  const deployments = 500;
  let hits = 0;
  for (let deployment = 0; deployment < deployments; deployment += 1) {
    const at = AS_OF + random() * WINDOW;
    hits += lives.filter(({ passed, closed }) => passed <= at && at < closed).length;
  }
  return { isGreen: passes, hits: hits / deployments };
}

function repeated(type: Type): { readonly green: number; readonly hits: number } {
  // The same numbers in every run.
  const random = numbers(20_260_608);
  const checks = Array.from({ length: CHECKS }, () => checkAndDeploy(type, random));
  return {
    green: checks.filter(({ isGreen }) => isGreen).length,
    hits: checks.reduce((sum, { hits }) => sum + hits, 0) / CHECKS,
  };
}

const MINUTE = 60 * 1000;

test.each([
  ['seconds, often', { standing: 0.05, stay: 10 * MINUTE }],
  ['hours, now and then', { standing: 0.3, stay: 2 * 60 * MINUTE }],
  ['days, always some', { standing: 3, stay: 2 * DAY }],
] as const)('red where deployments meet executions past the point: %s', (_, type) => {
  const { green, hits } = repeated(type);
  expect(Math.abs(hits - type.standing)).toBeLessThan(0.2 * type.standing);
  expect(green).toBe(0);
});

test('green where hardly any deployment meets one', () => {
  const type = { standing: 0.002, stay: 2 * MINUTE };
  const { green, hits } = repeated(type);
  expect(hits).toBeLessThan(0.004);
  // Some run at the check itself, and a break in a running execution is red.
  expect(green).toBeGreaterThan(0.97 * CHECKS);
});

test('a part of the closed executions is enough to be red', () => {
  const { green } = repeated({ standing: 0.03, stay: 10 * MINUTE, read: 0.2 });
  // The bound holds with 95 % confidence. It does far better, because it takes what was not read at its whole length.
  expect(green).toBeLessThan(0.05 * CHECKS);
});

function exponential(mean: number, random: () => number): number {
  return -Math.log(1 - random()) * mean;
}

/** Evenly distributed numbers from 0 to 1, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
