import { afterAll, describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Checkouts, Failure } from '../../src/diagnosis/failure.js';
import { mergeFindings } from '../../src/diagnosis/merge-findings.js';
import { oneForEachCause } from '../../src/diagnosis/one-cause.js';
import type { Finding } from '../../src/model/finding.js';
import type { RecordedPatch } from '../../src/replay/protocol.js';
import { temporalReader } from '../../src/temporal/reader.js';
import { EventHistory } from '../builders/event-history.js';
import { aFailure, type FailureChanges } from '../builders/failures.js';
import { DECISIVE } from '../builders/findings.js';
import { itemAt } from '../builders/item-at.js';
import { activity, issued, IssuedCommands, timer } from '../builders/recorded-commands.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const workspace = new WorkspaceFolder();
const base = new WorkspaceFolder();
afterAll(() => {
  workspace.remove();
  base.remove();
});

/** Code with `lines` of comment before it, so that lines have the numbers that a test gives them. */
let files = 0;
function sources(before: string, after: string): { old: string; now: string } {
  const name = `src/workflows-${(files += 1)}.ts`;
  return { old: base.file(name, before), now: workspace.file(name, after) };
}

const file = workspace.file('src/workflows.ts');
const at = (line: number) => ({ file, line });

function told(
  failures: readonly Failure[],
  checkouts: Checkouts = { workspace: workspace.path },
  language = 'typescript',
): Finding[] {
  const found = diagnose(failures, checkouts, temporalReader, language);
  const weighed = mergeFindings(found, [], language).map((one) => ({ ...one, weight: DECISIVE }));
  return oneForEachCause(weighed, [], language);
}

function failing(
  history: EventHistory,
  commands: IssuedCommands,
  more: Omit<FailureChanges, 'recorded'> & { readonly patches?: readonly RecordedPatch[] } = {},
): Failure {
  const { patches, ...changes } = more;
  return aFailure({
    ...changes,
    recorded: { history, commands, ...(patches === undefined ? {} : { patches }) },
  });
}

const begun = (): EventHistory => new EventHistory().task();
const causesOf = ({ groups = [] }: Finding): string[] => groups.map(({ cause }) => cause);

describe('a patch that is removed while executions from before it run', () => {
  const checked = new IssuedCommands().in(3, activity('checkFraud', at(17)));
  const marked = (): Failure =>
    failing(begun().patch('check-fraud').activity('checkFraud'), checked);
  const older = (): Failure => failing(begun().activity('charge'), checked);

  test('is one finding, with a group of executions that recorded it and one of those that did not', () => {
    const findings = told([older(), older(), marked()]);
    expect(findings).toHaveLength(1);
    const finding = itemAt(findings, 0);
    expect(finding.cause).toBe('patch-removed');
    expect(causesOf(finding)).toEqual(['patch-removed', 'command-replaced']);
    expect(finding.groups?.map(({ executions }) => executions.length)).toEqual([1, 2]);
    expect(finding.executions).toHaveLength(3);
  });

  test.each([
    ['typescript', "if (patched('check-fraud')) { the new code } else { the old code }"],
    ['python', 'if workflow.patched("check-fraud"): the new code, else: the old code'],
    ['go', 'workflow.GetVersion(ctx, "check-fraud", workflow.DefaultVersion, 1) == 1'],
    ['java', 'Workflow.getVersion("check-fraud", Workflow.DEFAULT_VERSION, 1) == 1'],
  ])('has one way out in %s: to put it back', (language, words) => {
    const [finding] = told([older(), marked()], undefined, language);
    expect(finding?.remedy).toContain(`Put the patch back: `);
    expect(finding?.remedy).toContain(words);
    expect(finding?.remedy).not.toContain('change-check-fraud');
  });

  test('is one finding where the old branch went with it', () => {
    const packed = new IssuedCommands().in(3, activity('pack', at(20)));
    const findings = told([
      failing(begun().patch('no-charge').activity('pack'), packed),
      failing(begun().activity('charge').activity('pack'), packed),
    ]);
    expect(findings.map(causesOf)).toEqual([['patch-removed', 'command-removed']]);
  });

  test('is another edit than a removed command that executions with the patch hold too', () => {
    const packed = new IssuedCommands().in(3, activity('pack', at(20)));
    const findings = told([
      failing(begun().patch('log-more').activity('charge').activity('pack'), packed),
      failing(begun().activity('charge').activity('pack'), packed),
    ]);
    expect(findings).toHaveLength(2);
  });

  describe('with a baseline', () => {
    const { old, now } = sources(
      [
        'export async function order() {',
        "  if (patched('check-fraud')) {",
        '    await checkFraud();',
        '  }',
        '  await charge();',
        '}',
      ].join('\n'),
      ['export async function order() {', '  await checkFraud();', '  await charge();', '}'].join(
        '\n',
      ),
    );
    const checkouts = { workspace: workspace.path, baseline: base.path };
    const older = (answer = false): Failure => {
      const failure = failing(
        begun().activity('charge'),
        new IssuedCommands().in(3, activity('checkFraud', { file: now, line: 2 })),
      );
      return {
        ...failure,
        baseline: {
          relation: 'introduced',
          recorded: {
            type: 'result',
            id: '1',
            outcome: 'passed',
            commands: new IssuedCommands().in(3, activity('charge', { file: old, line: 5 })).list,
            patches: [{ id: 'check-fraud', answer, file: old, line: 2 }],
          },
        },
      };
    };

    test('executions from before it alone tell that it is gone, and how it comes back', () => {
      const [finding] = told([older()], checkouts);
      expect(finding).toMatchObject({
        cause: 'patch-removed',
        divergence: { location: { line: 2 } },
      });
      expect(finding?.remedy).toContain("Put the patch back: if (patched('check-fraud'))");
      expect(finding?.groups).toBeUndefined();
    });

    test('it explains nothing of executions that recorded it and came past it', () => {
      expect(told([older(true)], checkouts)[0]?.cause).toBe('command-added');
    });
  });
});

describe('one edit', () => {
  test('a new command that two call sites reach is one finding, whatever history holds there', () => {
    const audited = (line: number) => activity('audit', { ...at(30), callers: [at(line)] });
    const findings = told([
      failing(begun().activity('charge'), new IssuedCommands().in(3, audited(10))),
      failing(begun().child('ship'), new IssuedCommands().in(3, audited(14))),
    ]);
    expect(findings.map(({ executions }) => executions.length)).toEqual([2]);
  });

  test('a command that is gone is one finding, whichever branch is taken behind it', () => {
    const reserved = activity('reserve', at(10));
    const held = (next: string): EventHistory =>
      begun().activity('reserve').activity('charge', '2').activity(next, '3');
    const findings = told([
      failing(held('ship'), new IssuedCommands().in(3, reserved, activity('ship', at(12)))),
      failing(held('mail'), new IssuedCommands().in(3, reserved, activity('mail', at(14)))),
      failing(held('ship'), new IssuedCommands().in(3, reserved)),
    ]);
    expect(findings.map(causesOf)).toEqual([
      ['command-removed', 'command-removed', 'command-removed'],
    ]);
    expect(findings[0]?.remedy).toContain('Keep activity charge');
  });

  test('with a baseline, a helper that no longer does it is one finding for all that call the helper', () => {
    const { old, now } = sources(
      ['function settle() {', '  await charge();', '}', 'await settle();', 'await settle();'].join(
        '\n',
      ),
      ['function settle() {', '}', 'await settle();', 'await settle();'].join('\n'),
    );
    const settled = (callsite: number, before: string, next: string): Failure => ({
      ...failing(
        begun().activity(before).activity('charge', '2').activity(next, '3'),
        new IssuedCommands().in(
          3,
          activity(before, { file: now, line: callsite - 1 }),
          activity(next, { file: now, line: callsite }),
        ),
      ),
      baseline: {
        relation: 'introduced',
        recorded: {
          type: 'result',
          id: '1',
          outcome: 'passed',
          commands: new IssuedCommands().in(
            3,
            activity(before, { file: old, line: callsite }),
            activity('charge', { file: old, line: 2, callers: [{ file: old, line: callsite }] }),
            activity(next, { file: old, line: callsite }),
          ).list,
        },
      },
    });
    const findings = told([settled(4, 'reserve', 'ship'), settled(5, 'cancel', 'refund')], {
      workspace: workspace.path,
      baseline: base.path,
    });
    expect(findings.map(causesOf)).toEqual([['command-removed', 'command-removed']]);
  });

  test('a release of the SDK is one finding, wherever its commands differ', () => {
    const { old, now } = sources('same', 'same');
    const same = (name: string, line: number): Failure => ({
      ...failing(begun().activity(name), new IssuedCommands().in(3, timer({ file: now, line }))),
      baseline: {
        relation: 'introduced',
        recorded: {
          type: 'result',
          id: '1',
          outcome: 'passed',
          commands: new IssuedCommands().in(3, activity(name, { file: old, line })).list,
        },
      },
    });
    const findings = told([same('charge', 1), same('ship', 2)], {
      workspace: workspace.path,
      baseline: base.path,
      sdkVersion: '1.24.0',
      baselineSdkVersion: '1.23.0',
    });
    expect(findings.map(({ cause }) => cause)).toEqual(['sdk-changed']);
  });

  test('a set-up that differs is one finding, wherever it shows', () => {
    const shared = (line: number, name: string): Failure => ({
      ...failing(begun().activity(name), new IssuedCommands().in(3, timer(at(line)))),
      baseline: { relation: 'pre-existing' },
    });
    const findings = told([shared(17, 'charge'), shared(30, 'ship')], {
      workspace: workspace.path,
      baseline: base.path,
    });
    expect(findings.map(({ cause }) => cause)).toEqual(['setup-differs']);
    expect(findings[0]?.groups).toHaveLength(2);
  });

  test('the same missing type is one finding, also where the time was too short for the baseline', () => {
    const missing = (relation: 'introduced' | 'not-compared'): Failure => ({
      ...aFailure({
        kind: 'task-failed',
        message: "no such function is exported by the workflow bundle: 'orderWorkflow'",
      }),
      baseline: { relation },
    });
    const findings = told([missing('introduced'), missing('not-compared')], {
      workspace: workspace.path,
      baseline: base.path,
    });
    expect(findings.map(({ executions }) => executions.length)).toEqual([2]);
  });

  test('at the end of a workflow is one finding for those that wait there and those that have ended', () => {
    const mailed = activity('mail', at(40));
    const findings = told([
      failing(
        begun().activity('charge').activityDone().task().completed(),
        new IssuedCommands().in(3, activity('charge', at(30))).in(9, mailed),
      ),
      failing(
        begun().activity('charge').activityDone().task().timer(),
        new IssuedCommands().in(3, activity('charge', at(30))).in(9, mailed),
      ),
    ]);
    expect(findings.map(({ executions }) => executions.length)).toEqual([2]);
  });
});

describe('two edits stay two findings', () => {
  test('new commands at two lines', () => {
    const findings = told([
      failing(begun().activity('charge'), new IssuedCommands().in(3, activity('audit', at(10)))),
      failing(begun().child('ship'), new IssuedCommands().in(3, activity('audit', at(20)))),
    ]);
    expect(findings).toHaveLength(2);
  });

  test('two commands that are gone, in front of the same line', () => {
    const shipped = issued('StartChildWorkflowExecution', 'ship', at(20));
    const behind = (name: string, line: number): Failure =>
      failing(
        begun().activity(name).activity('charge', '2').child('ship'),
        new IssuedCommands().in(3, activity(name, at(line)), shipped),
      );
    const refunded = (name: string, line: number): Failure =>
      failing(
        begun().activity(name).activity('refund', '2').child('ship'),
        new IssuedCommands().in(3, activity(name, at(line)), shipped),
      );
    const findings = told([behind('reserve', 10), refunded('cancel', 14)]);
    expect(findings.map(({ cause }) => cause)).toEqual(['command-removed', 'command-removed']);
  });

  test('two patches', () => {
    const findings = told([
      failing(begun().patch('a').activity('x'), new IssuedCommands().in(3, activity('x', at(10)))),
      failing(begun().patch('b').activity('y'), new IssuedCommands().in(3, activity('y', at(20)))),
    ]);
    expect(findings).toHaveLength(2);
  });

  test('two handlers', () => {
    const lost = (name: string): Failure =>
      aFailure({
        message: 'Nondeterminism',
        recorded: {
          history: begun().signal(name).task().activity('charge'),
          commands: new IssuedCommands(),
          more: { handlers: [{ kind: 'signal', name: 'kept', ...at(5) }] },
        },
      });
    const withUnhandled = (name: string): Failure => {
      const failure = lost(name);
      return {
        ...failure,
        recorded: {
          history: failure.recorded?.history ?? new Uint8Array(),
          result: { ...(failure.recorded?.result ?? failure.result), unhandledSignals: [name] },
        },
      };
    };
    const findings = told([withUnhandled('approve'), withUnhandled('pay')]);
    expect(findings.map(({ cause }) => cause)).toEqual([
      'signal-handler-missing',
      'signal-handler-missing',
    ]);
  });

  test('what this change breaks, and what was broken before, at one line', () => {
    const charged = (relation: 'introduced' | 'pre-existing'): Failure => ({
      ...failing(begun().activity('charge'), new IssuedCommands().in(3, timer(at(17)))),
      baseline: { relation },
    });
    const findings = told([charged('introduced'), charged('pre-existing')], {
      workspace: workspace.path,
      baseline: base.path,
    });
    expect(findings).toHaveLength(2);
  });
});
