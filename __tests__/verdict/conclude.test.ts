import { describe, expect, test } from '@jest/globals';
import { conclude } from '../../src/verdict/conclude.js';
import type { Finding } from '../../src/model/finding.js';
import type { Evidence } from '../../src/verdict/evidence.js';
import { evidence } from '../builders/evidence.js';
import { aClosedExecution, anExecution, executions } from '../builders/executions.js';
import { aFinding, HISTORICAL, PINNED } from '../builders/findings.js';
import { anOutcome, outcomesFor } from '../builders/outcomes.js';

const running = anExecution();
const closed = aClosedExecution();
const onlyRunningPassed = { listed: [running], outcomes: [anOutcome('passed', running)] };

const PASS: Evidence['policy'] = {
  onNoClaim: 'pass',
  onUnknownBuild: 'fail',
  onNoHistories: 'pass',
};

const LEFT_OUT = [{ what: 'legacy.py', why: 'it cannot be imported' }];
const ofLeftOut = anExecution({ workflowType: 'legacyWorkflow' });
const closedOfLeftOut = aClosedExecution({ workflowType: 'legacyWorkflow' });

/** Evidence, and the verdict that it leads to. */
const TRUTH: readonly [
  behaviour: string,
  given: Partial<Evidence>,
  verdict: `${string}: ${string}, ${'green' | 'red'}`,
][] = [
  // The claim.
  ['a title that was never read', { claim: undefined }, 'inconclusive: error, red'],
  [
    'a malformed claim',
    { claim: { kind: 'malformed', problem: 'It is not closed.' } },
    'inconclusive: malformed-claim, red',
  ],
  ['no claim', { claim: { kind: 'not-claimed' } }, 'not-claimed: no-claim, green'],
  [
    'no claim, where one is required',
    {
      claim: { kind: 'not-claimed' },
      policy: { onNoClaim: 'fail', onUnknownBuild: 'fail', onNoHistories: undefined },
    },
    'not-claimed: claim-required, red',
  ],
  // What ends a run early.
  ['a cancelled run', { cancelled: true, ...onlyRunningPassed }, 'inconclusive: cancelled, red'],
  [
    'an error',
    { problem: { found: 'The server is gone' }, ...onlyRunningPassed },
    'inconclusive: error, red',
  ],
  [
    'an error before the title said nothing',
    { claim: { kind: 'not-claimed' }, problem: { found: 'The server is gone' } },
    'inconclusive: error, red',
  ],
  [
    'a build ID that nothing knows',
    { unknownBuild: 'No version set holds it.', ...onlyRunningPassed },
    'inconclusive: unknown-build, red',
  ],
  [
    'the wrong checkout',
    { wrongSubject: { reason: 'wrong-checkout', summary: 'Other.' }, ...onlyRunningPassed },
    'inconclusive: wrong-checkout, red',
  ],
  [
    'a pull request that moved on',
    { wrongSubject: { reason: 'moved', summary: 'Moved.' }, ...onlyRunningPassed },
    'inconclusive: moved, red',
  ],
  // Findings.
  [
    'a decisive finding',
    { ...onlyRunningPassed, findings: [aFinding()] },
    'incompatible: decisive-finding, red',
  ],
  [
    'a decisive finding in a cancelled run',
    { ...onlyRunningPassed, findings: [aFinding()], cancelled: true },
    'incompatible: decisive-finding, red',
  ],
  [
    'a decisive finding before an error',
    { ...onlyRunningPassed, findings: [aFinding()], problem: { found: 'The server is gone' } },
    'incompatible: decisive-finding, red',
  ],
  [
    'a historical finding only',
    {
      listed: [running, closed],
      outcomes: [anOutcome('passed', running), anOutcome('nondeterministic', closed)],
      findings: [aFinding({ weight: HISTORICAL, executions: [closed] })],
    },
    'compatible: historical-finding, green',
  ],
  // Everything, and less than everything.
  ['all replayed', onlyRunningPassed, 'compatible: all-replayed, green'],
  [
    'all running replayed, a closed one left out',
    { listed: [running, closed], outcomes: [anOutcome('passed', running)] },
    'compatible: some-replayed, green',
  ],
  [
    'all replayed of a listing that was cut',
    { ...onlyRunningPassed, listingTruncated: true },
    'compatible: some-replayed, green',
  ],
  [
    'a closed execution that could not be judged',
    {
      listed: [running, closed],
      outcomes: [anOutcome('passed', running), anOutcome('errored', closed)],
    },
    'compatible: some-replayed, green',
  ],
  [
    'a running execution that could not be judged',
    {
      listed: [running, closed],
      outcomes: [anOutcome('errored', running), anOutcome('passed', closed)],
    },
    'inconclusive: errored, red',
  ],
  [
    'a running execution that vanished',
    {
      listed: [running, closed],
      outcomes: [anOutcome('gone', running), anOutcome('passed', closed)],
    },
    'compatible: some-replayed, green',
  ],
  [
    'a running execution with nothing to replay yet, of a type that the code registers',
    {
      listed: [running, closed],
      outcomes: [anOutcome('skipped', running), anOutcome('passed', closed)],
    },
    'compatible: some-replayed, green',
  ],
  [
    'a running execution with nothing to replay yet, of a type that the code does not register',
    {
      listed: [running, closed],
      outcomes: [anOutcome('skipped', running), anOutcome('passed', closed)],
      registeredTypes: new Set(['otherWorkflow']),
    },
    'inconclusive: type-not-replayed, red',
  ],
  [
    'a workflow type with a running execution that was not replayed',
    {
      listed: [running, anExecution({ workflowType: 'refundWorkflow' })],
      outcomes: [anOutcome('passed', running)],
    },
    'inconclusive: type-not-replayed, red',
  ],
  [
    'a paused execution that was not replayed',
    {
      listed: [running, anExecution({ workflowType: 'refundWorkflow', status: 'Paused' })],
      outcomes: [anOutcome('passed', running)],
    },
    'inconclusive: type-not-replayed, red',
  ],
  // Discovery that left something out.
  [
    'a running execution of a type that discovery may have left out',
    {
      listed: [running, ofLeftOut],
      outcomes: [anOutcome('passed', running), anOutcome('errored', ofLeftOut)],
      skipped: LEFT_OUT,
    },
    'inconclusive: type-not-replayed, red',
  ],
  [
    'one alone',
    { listed: [ofLeftOut], outcomes: [anOutcome('errored', ofLeftOut)], skipped: LEFT_OUT },
    'inconclusive: type-not-replayed, red',
  ],
  [
    'closed executions of such a type, which decide nothing by default',
    {
      listed: [running, closedOfLeftOut],
      outcomes: [anOutcome('passed', running), anOutcome('errored', closedOfLeftOut)],
      skipped: LEFT_OUT,
    },
    'compatible: some-replayed, green',
  ],
  [
    'closed executions of such a type, closed: fail',
    {
      listed: [running, closedOfLeftOut],
      outcomes: [anOutcome('passed', running), anOutcome('errored', closedOfLeftOut)],
      skipped: LEFT_OUT,
      policy: {
        closed: 'fail',
        onNoClaim: 'pass',
        onUnknownBuild: 'fail',
        onNoHistories: undefined,
      },
    },
    'inconclusive: type-not-replayed, red',
  ],
  [
    'a type that was found, where something was left out',
    { ...onlyRunningPassed, skipped: LEFT_OUT },
    'compatible: all-replayed, green',
  ],
  // Nothing judged.
  ['no execution', {}, 'inconclusive: empty, red'],
  [
    'no execution, on-no-histories: warn',
    { policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'warn' } },
    'inconclusive: empty, green',
  ],
  [
    'no execution, on-no-histories: pass',
    { policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'pass' } },
    'inconclusive: empty, green',
  ],
  [
    'no execution, and the server holds none either, on-no-histories: pass',
    { noMatch: { kind: 'empty', explanation: 'It holds none.' }, policy: PASS },
    'inconclusive: empty, green',
  ],
  [
    'no execution, and why could not be found out, on-no-histories: pass',
    { noMatch: { kind: 'not-known', explanation: 'It was busy.' }, policy: PASS },
    'inconclusive: empty, red',
  ],
  [
    'executions that the query excludes, on-no-histories: pass',
    { noMatch: { kind: 'query-mismatch', explanation: 'It excludes 3.' }, policy: PASS },
    'inconclusive: query-mismatch, red',
  ],
  [
    'executions that wait for their first task, of a type that the code registers',
    { noMatch: { kind: 'not-started', waiting: 2, workflowTypes: ['orderWorkflow'] } },
    'inconclusive: not-started, red',
  ],
  [
    'executions that wait for their first task, of a type that the code registers, on-no-histories: pass',
    {
      noMatch: { kind: 'not-started', waiting: 2, workflowTypes: ['orderWorkflow'] },
      policy: PASS,
    },
    'inconclusive: not-started, green',
  ],
  [
    'executions that wait for their first task, of a type that is not registered, on-no-histories: pass',
    {
      noMatch: { kind: 'not-started', waiting: 2, workflowTypes: ['orderWorkflow', 'other'] },
      policy: PASS,
    },
    'inconclusive: type-not-replayed, red',
  ],
  [
    'executions that wait for their first task, and types that are not known, on-no-histories: pass',
    {
      noMatch: { kind: 'not-started', waiting: 2, workflowTypes: ['orderWorkflow'] },
      registeredTypes: undefined,
      policy: PASS,
    },
    'inconclusive: type-not-replayed, red',
  ],
  [
    'executions that all have nothing to replay yet',
    { listed: [running], outcomes: [anOutcome('skipped', running)] },
    'inconclusive: not-started, red',
  ],
  [
    'executions that all have nothing to replay yet, on-no-histories: warn',
    {
      listed: [running],
      outcomes: [anOutcome('skipped', running)],
      policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'warn' },
    },
    'inconclusive: not-started, green',
  ],
  [
    'nothing to replay yet and a type that is not registered, on-no-histories: pass',
    {
      listed: [running],
      outcomes: [anOutcome('skipped', running)],
      registeredTypes: new Set(),
      policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'pass' },
    },
    'inconclusive: nothing-replayed, red',
  ],
  [
    'nothing to replay yet and types that are not known, on-no-histories: pass',
    {
      listed: [running],
      outcomes: [anOutcome('skipped', running)],
      registeredTypes: undefined,
      policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'pass' },
    },
    'inconclusive: nothing-replayed, red',
  ],
  [
    'nothing to replay in what was listed before the listing was cut, on-no-histories: pass',
    {
      listed: [running],
      listingTruncated: true,
      outcomes: [anOutcome('skipped', running)],
      policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'pass' },
    },
    'inconclusive: nothing-replayed, red',
  ],
  [
    'executions that all vanished, on-no-histories: pass',
    {
      listed: [running],
      outcomes: [anOutcome('gone', running)],
      policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'pass' },
    },
    'inconclusive: nothing-replayed, red',
  ],
  [
    'executions of which none was reached, on-no-histories: pass',
    {
      listed: [running],
      policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: 'pass' },
    },
    'inconclusive: nothing-replayed, red',
  ],
];

test.each(TRUTH)('%s', (_, given, expected) => {
  const { kind, reason, passes } = conclude(evidence(given));
  expect(`${kind}: ${reason}, ${passes ? 'green' : 'red'}`).toBe(expected);
});

test.each([
  [undefined, false],
  ['fail', false],
  ['warn', true],
  ['pass', false],
] as const)(
  'a green check that confirmed nothing warns with on-no-histories: %s: %j',
  (policy, warns) => {
    const given = {
      policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories: policy },
    } as const;
    expect(conclude(evidence(given)).warns).toBe(warns);
    expect(
      conclude(evidence({ ...given, listed: [running], outcomes: [anOutcome('skipped', running)] }))
        .warns,
    ).toBe(warns);
  },
);

describe('pinned executions that nobody claims', () => {
  const pinned = anExecution({ group: 'pinned' });
  const broken = anOutcome('nondeterministic', pinned);
  const verdictOf = (weight: Finding['weight']) =>
    conclude(
      evidence({
        listed: [running, pinned],
        outcomes: [anOutcome('passed', running), broken],
        findings: [aFinding({ weight, executions: [pinned] })],
      }),
    );

  test('do not redden a check, and are told', () => {
    for (const weight of [
      PINNED,
      { ...PINNED, kind: 'pre-existing', otherwise: 'pinned' } as const,
    ]) {
      expect(verdictOf(weight)).toEqual({
        kind: 'compatible',
        reason: 'pinned-finding',
        summary:
          'No execution that moves to this code breaks (2 of 2 executions replayed). Pinned ones would if somebody moved them; 1 finding is reported below.',
        passes: true,
      });
    }
  });

  test('redden it where their finding is missing, as every break without one does', () => {
    expect(conclude(evidence({ listed: [pinned], outcomes: [broken], findings: [] })).passes).toBe(
      false,
    );
  });

  test('confirm nothing alone', () => {
    const given = {
      listed: [running, pinned],
      findings: [aFinding({ weight: PINNED, executions: [pinned] })],
    };
    expect(conclude(evidence({ ...given, outcomes: [broken] }))).toMatchObject({
      reason: 'type-not-replayed',
      passes: false,
    });
  });
});

test('a build that the server does not know is green with a warning where another job may know it', () => {
  const given = { unknownBuild: 'No version set holds v2.0.' };
  const policy = { ...PASS, onUnknownBuild: 'pass' } as const;
  expect(conclude(evidence({ ...given, policy }))).toEqual({
    kind: 'inconclusive',
    reason: 'unknown-build',
    summary:
      'Nothing was checked here: on-unknown-build is set to pass. No version set holds v2.0.',
    passes: true,
    warns: true,
  });
  expect(conclude(evidence({ ...given, policy: PASS })).passes).toBe(false);
});

test('what discovery left out is named, and made safe to look at', () => {
  const skipped = [{ what: 'legacy.py\n::error::', why: 'it cannot be imported' }];
  const { summary } = conclude(
    evidence({ listed: [ofLeftOut], outcomes: [anOutcome('errored', ofLeftOut)], skipped }),
  );
  expect(summary).toMatch(/legacyWorkflow.*legacy\.py ::error:: \(it cannot be imported\)/u);
});

describe('a budget that ends early', () => {
  const listed = executions(50);

  test.each([
    [50, 'all-replayed', true],
    [20, 'some-replayed', true],
    [19, 'budget', false],
    [1, 'budget', false],
  ])('of 50 running executions of a type, %i replayed: %s', (replayed, reason, passes) => {
    const outcomes = outcomesFor(listed.slice(0, replayed), 'passed');
    expect(conclude(evidence({ listed, outcomes }))).toMatchObject({ reason, passes });
  });

  test('a type with fewer than 20 running executions needs all of them', () => {
    const few = executions(5, { workflowType: 'refundWorkflow' });
    const outcomes = [...outcomesFor(listed, 'passed'), ...outcomesFor(few.slice(0, 4), 'passed')];
    const verdict = conclude(evidence({ listed: [...listed, ...few], outcomes }));
    expect(verdict).toMatchObject({ kind: 'inconclusive', reason: 'budget', passes: false });
    expect(verdict.summary).toContain('refundWorkflow');
    expect(verdict.summary).toContain('5 must be');
  });

  test('what vanished or had nothing to replay stands for nothing else', () => {
    for (const kind of ['gone', 'skipped'] as const) {
      const outcomes = [
        ...outcomesFor(listed.slice(0, 20), kind),
        ...outcomesFor(listed.slice(20, 25), 'passed'),
      ];
      expect(conclude(evidence({ listed, outcomes }))).toMatchObject({
        reason: 'budget',
        passes: false,
      });
    }
  });

  test('what vanished or had nothing to replay is not asked for', () => {
    const few = executions(5);
    const outcomes = [
      ...outcomesFor(few.slice(0, 2), 'passed'),
      ...outcomesFor(few.slice(2, 4), 'gone'),
      ...outcomesFor(few.slice(4), 'skipped'),
    ];
    expect(conclude(evidence({ listed: few, outcomes })).passes).toBe(true);
  });
});

describe('the summary says', () => {
  test('how many causes break how many executions, each counted once', () => {
    const twice = anExecution();
    const findings = [
      aFinding({ executions: [running, twice] }),
      aFinding({ executions: [twice] }),
    ];
    expect(conclude(evidence({ findings })).summary).toBe(
      'The code cannot take over: 2 causes break 2 executions.',
    );
  });

  test('only of decisive findings that they break something', () => {
    const findings = [
      aFinding({ executions: [running] }),
      aFinding({ weight: HISTORICAL, executions: [closed] }),
    ];
    expect(conclude(evidence({ findings })).summary).toBe(
      'The code cannot take over: 1 cause breaks 1 execution.',
    );
  });

  test('how many of how many were replayed', () => {
    const listed = executions(50);
    const outcomes = outcomesFor(listed.slice(0, 20), 'passed');
    expect(conclude(evidence({ listed, outcomes })).summary).toContain('20 of 50 executions');
    expect(conclude(evidence({ listed, outcomes, listingTruncated: true })).summary).toContain(
      '20 of 50+ executions',
    );
  });

  test('what was found, expected and how to fix it, of an error', () => {
    const problem = { found: 'The server is gone', expected: 'a server', fix: 'start it' };
    expect(conclude(evidence({ problem })).summary).toBe(
      'The server is gone. Expected: a server. To fix: start it.',
    );
  });
});
