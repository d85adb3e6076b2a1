import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rmSync } from 'node:fs';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import {
  type Checkouts,
  type Failure,
  type DiagnosedFinding,
} from '../../src/diagnosis/failure.js';
import { EventHistory } from '../builders/event-history.js';
import { aFailure } from '../builders/failures.js';
import { activity, IssuedCommands, local, timer } from '../builders/recorded-commands.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { temporalReader } from '../../src/temporal/reader.js';

const workspace = new WorkspaceFolder();
const base = new WorkspaceFolder();
afterAll(() => {
  workspace.remove();
  base.remove();
});

const CODE = 'await charge();\n';

beforeEach(() => {
  for (const checkout of [workspace, base]) checkout.file('order.ts', CODE);
});

const checkouts = (changes: Partial<Checkouts> = {}): Checkouts => ({
  workspace: workspace.path,
  baseline: base.path,
  sdkVersion: '1.24.0',
  baselineSdkVersion: '1.8.0',
  ...changes,
});

/** History holds a timer; the code issues an activity here, and the timer on the baseline. */
function broken(changes: Partial<Failure> = {}): Failure {
  const history = new EventHistory().task().timer();
  const failure = aFailure({
    recorded: {
      history,
      commands: new IssuedCommands().in(
        3,
        activity('charge', { file: workspace.at('order.ts'), line: 1 }),
      ),
    },
  });
  const there = new IssuedCommands().in(3, timer({ file: base.at('order.ts'), line: 1 }));
  return {
    ...failure,
    baseline: {
      relation: 'introduced',
      recorded: { type: 'result', id: '1', outcome: 'passed', commands: [...there.list] },
    },
    ...changes,
  };
}

function found(failure: Failure, sides: Checkouts = checkouts()): DiagnosedFinding {
  const [finding] = diagnose([failure], sides, temporalReader);
  if (finding === undefined) throw new Error('nothing was found');
  return finding;
}

describe('what breaks with another SDK and the same files', () => {
  test('is the change of the SDK', () => {
    const { cause, remedy, divergence } = found(broken());
    expect(cause).toBe('sdk-changed');
    expect(remedy).toContain('(1.8.0 there, 1.24.0 here)');
    expect(divergence).toMatchObject({ location: { file: 'order.ts', line: 1 } });
  });

  test('is the code where a file differs', () => {
    base.file('order.ts', `${CODE}// another\n`);
    expect(found(broken()).cause).toBe('command-replaced');
  });

  test('is the code where the baseline has no such file', () => {
    rmSync(base.at('order.ts'));
    expect(found(broken()).cause).toBe('command-replaced');
  });

  test('is the code where the SDK is the same, or not known', () => {
    for (const baselineSdkVersion of ['1.24.0', undefined]) {
      expect(found(broken(), checkouts({ baselineSdkVersion })).cause).toBe('command-replaced');
    }
  });

  test('is not told where the baseline breaks too', () => {
    const baseline = { relation: 'fails-otherwise' as const, message: 'otherwise' };
    expect(found(broken({ baseline })).cause).toBe('command-replaced');
  });

  test('is not told where no file is known', () => {
    const nowhere = { type: 'result' as const, id: '1', outcome: 'passed' as const };
    const failure = aFailure({
      recorded: {
        history: new EventHistory().task().timer(),
        commands: new IssuedCommands().in(3, activity('charge')),
      },
    });
    const baseline = { relation: 'introduced' as const, recorded: nowhere };
    expect(found({ ...failure, baseline }).cause).toBe('command-replaced');
  });
});

describe('what the commands do not explain', () => {
  const unexplained = (sdkVersion: string): Failure =>
    aFailure({
      recorded: {
        history: new EventHistory()
          .task({ sdkMetadata: { sdkName: 'temporal-typescript', sdkVersion } })
          .timer(),
        commands: new IssuedCommands().in(3, timer()),
      },
    });
  const alone = checkouts({ baseline: undefined, baselineSdkVersion: undefined });

  test('is the age of the SDK where a newer one wrote the history', () => {
    const { cause, remedy } = found(unexplained('1.25.1'), alone);
    expect(cause).toBe('sdk-too-old');
    expect(remedy).toContain('SDK 1.25.1 wrote these histories, and the code has 1.24.0');
  });

  test('is not known otherwise', () => {
    for (const version of ['1.24.0', '1.9.3', 'latest']) {
      expect(found(unexplained(version), alone).cause).toBe('unknown');
    }
  });
});

describe('local activities side by side, of whose results history does not say the order', () => {
  const parallel = (more: object, sdkVersion: string): Failure => {
    const history = new EventHistory()
      .task({ sdkMetadata: { sdkName: 'temporal-python', sdkVersion } })
      .localActivity('slow', more)
      .localActivity('quick', more)
      .localActivity('quick', more)
      .timer();
    const commands = new IssuedCommands().in(3, local('slow'), local('quick'), timer());
    return aFailure({ recorded: { history, commands } });
  };
  const causeHere = (failure: Failure): string =>
    found(failure, { workspace: workspace.path, sdkVersion: '1.35.0' }).cause;

  test('leave it open whether the code or another release of the SDK parts from history', () => {
    expect(causeHere(parallel({}, '1.32.0'))).toBe('unknown');
  });

  test('tell of the code where the SDK is the same, or history says the order', () => {
    expect(causeHere(parallel({}, '1.35.0'))).toBe('command-removed');
    expect(causeHere(parallel({ activation_index: 1 }, '1.32.0'))).toBe('command-removed');
  });
});
