import { afterAll, describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { UnweighedFinding } from '../../src/diagnosis/failure.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { temporalReader } from '../../src/temporal/reader.js';
import { EventHistory } from '../builders/event-history.js';
import { aFailure, type FailureChanges } from '../builders/failures.js';
import { itemAt } from '../builders/item-at.js';
import { activity, IssuedCommands } from '../builders/recorded-commands.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());
const source = workspace.file('src/workflows.ts');
const at = (line: number) => ({ file: source, line });

/** charge in the task started by event 3, ship in a later one. */
const history = (): EventHistory =>
  new EventHistory().task().activity('charge').activityDone().task().activity('ship');

const SHIP_TASK = 9;

const dropped = {
  of: 'signal' as const,
  name: 'approve',
  argument: 1,
  reason: 'the field level is missing',
  ...at(31),
};
const broken = { message: 'TypeError: note is null', ...at(40) };

/** The finding about code that does not issue `ship`. */
function without(
  before: NonNullable<FailureChanges['before']>,
  changes: FailureChanges = {},
): UnweighedFinding {
  const commands = new IssuedCommands().in(3, activity('charge', at(17)));
  const failure = aFailure({
    recorded: { history: history(), commands },
    message: 'Nondeterminism error: HistoryEvent(id: 11, ActivityTaskScheduled)',
    before,
    ...changes,
  });
  const findings = diagnose(
    [failure],
    { workspace: workspace.path, baseline: '/base' },
    temporalReader,
  );
  return itemAt(findings, 0);
}

const passed: ResultMessage = { type: 'result', id: '1', outcome: 'passed' };

describe('what came before a divergence', () => {
  test('a signal that cannot be decoded is told first, at its handler', () => {
    const finding = without({ undecoded: [{ ...dropped, historyLength: SHIP_TASK }] });
    expect(finding).toMatchObject({
      cause: 'payload-not-decodable',
      divergence: { kind: 'missing-command', location: { file: 'src/workflows.ts', line: 31 } },
    });
    expect(finding.headline).toBe(
      'The code cannot decode argument 1 of signal approve, which history holds: the field level is missing. ' +
        'So the code does not issue activity ship (event 11, ActivityTaskScheduled), which history holds.',
    );
    expect(finding.remedy).toContain('keep the type that reads it');
  });

  test('so is an error that ended a branch, at the line that threw', () => {
    const finding = without({ unobserved: [{ ...broken, historyLength: SHIP_TASK }] });
    expect(finding).toMatchObject({
      cause: 'workflow-threw',
      divergence: { kind: 'missing-command', location: { line: 40 } },
    });
    expect(finding.headline).toMatch(
      /^A branch .* ends by an error: TypeError: note is null\. So the code/u,
    );
  });

  test('the nearest one counts, also of an earlier task where the code has gone on waiting', () => {
    const finding = without({
      undecoded: [{ ...dropped, historyLength: 3 }],
      unobserved: [{ ...broken, historyLength: SHIP_TASK }],
    });
    expect(finding.cause).toBe('workflow-threw');
    expect(without({ undecoded: [{ ...dropped, historyLength: 3 }] }).cause).toBe(
      'payload-not-decodable',
    );
  });

  test('what comes later explains nothing', () => {
    expect(without({ unobserved: [{ ...broken, historyLength: 15 }] }).cause).toBe(
      'command-removed',
    );
  });

  test('nor does one of an earlier task where the code has gone on', () => {
    const commands = new IssuedCommands()
      .in(3, activity('charge', at(17)))
      .in(SHIP_TASK, activity('pack', at(18)));
    const recorded = { history: history(), commands };
    const finding = without({ undecoded: [{ ...dropped, historyLength: 3 }] }, { recorded });
    expect(finding).toMatchObject({
      cause: 'command-replaced',
      divergence: { location: { line: 18 } },
    });
    const inTask = without({ undecoded: [{ ...dropped, historyLength: SHIP_TASK }] }, { recorded });
    expect(inTask.headline).toContain(
      'So the code issues activity pack, where history holds activity ship (event 11, ActivityTaskScheduled).',
    );
  });

  test.each(['undecoded', 'unobserved'] as const)(
    'nor does what the baseline has too and passes with: %s',
    (kind) => {
      const told = { historyLength: SHIP_TASK };
      const before =
        kind === 'undecoded'
          ? { undecoded: [{ ...dropped, ...told }] }
          : { unobserved: [{ ...broken, ...told }] };
      const baseline = (recorded: ResultMessage) => ({ relation: 'introduced' as const, recorded });
      expect(without(before, { baseline: baseline({ ...passed, ...before }) }).cause).toBe(
        'command-removed',
      );
      expect(without(before, { baseline: baseline(passed) }).cause).not.toBe('command-removed');
    },
  );
});

test.each([
  [{ of: 'workflow', name: '', argument: 2 }, 'argument 2 of the workflow'],
  [{ of: 'update', name: 'sum', argument: 1 }, 'argument 1 of update sum, which history holds'],
  [{ of: 'result', name: 'activity charge' }, 'the result of activity charge'],
  [{ of: 'other', name: '' }, 'a payload of history'],
] as const)('a task that fails by a payload says which: %o', (what, words) => {
  const undecoded = [{ ...what, reason: 'no such field', historyLength: 3, ...at(22) }];
  const failure = aFailure({
    kind: 'task-failed',
    message: 'E: no such field',
    before: { undecoded },
  });
  const finding = itemAt(diagnose([failure], { workspace: workspace.path }, temporalReader), 0);
  expect(finding).toMatchObject({
    cause: 'payload-not-decodable',
    divergence: { kind: 'threw', location: { line: 22 } },
    headline: `The code cannot decode ${words}: no such field.`,
  });
});
