/** @tier middle */
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { layBeside } from '../../src/diagnosis/align.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { skipUnless } from '../../testing/skip-unless.js';
import type { Workspace } from '../../testing/workspace.js';
import { commandsGoWorkspace, goHistory } from './go-application.js';
import { GoReplayer } from './go-replayer.js';
import { sourceLine } from './source-line.js';
import { recordedHistory } from '../builders/recorded-history.js';

jest.setTimeout(900_000);

const sdk = await findGoSdk(GO_SDKS.newest);
const whenThere = skipUnless(sdk).it;

/** Each in a workflow of its own, so that one application has them all. */
const EDITS: readonly (readonly [from: string, to: string])[] = [
  // Another activity.
  [
    'workflow.ExecuteActivity(ctx, clerk.File, "below")',
    'workflow.ExecuteActivity(ctx, Greet, "x")',
  ],
  // A timer more.
  [
    '\tcanceled, cancel := workflow.WithCancel(ctx)\n\tworkflow.NewTimer(canceled, time.Hour)',
    '\tworkflow.NewTimer(ctx, 7*time.Millisecond)\n\tcanceled, cancel := workflow.WithCancel(ctx)\n\tworkflow.NewTimer(canceled, time.Hour)',
  ],
  // Another order of the children's signals.
  [
    'workflow.RequestCancelExternalWorkflow(ctx, execution.ID, "")',
    'workflow.SignalExternalWorkflow(ctx, execution.ID, "", "stop", 1)',
  ],
  // An activity less.
  ['\treturn workflow.ExecuteActivity(ctx, clerk.File, "joined").Get(ctx, nil)', '\treturn nil'],
  // A search attribute becomes a memo.
  [
    'workflow.UpsertTypedSearchAttributes(ctx, customer.ValueSet("typed"))',
    'workflow.UpsertMemo(ctx, map[string]any{"customer": "typed"})',
  ],
  // An activity more in the last task of an execution that is running.
  [
    '\tisApproved := false',
    '\tworkflow.ExecuteActivity(ctx, clerk.File, "too much")\n\tisApproved := false',
  ],
  // The end, where an execution continued as new.
  ['return workflow.NewContinueAsNewError(ctx, Continued, runs-1)', 'return nil'],
  // A failure becomes a completion.
  ['return errors.New("no luck")', 'return nil'],
  // The old branch is the only one.
  [
    'workflow.GetVersion(ctx, "greeting", workflow.DefaultVersion, 1) == 1 {\n\t\tif err := workflow.ExecuteActivity(ctx, clerk.File',
    'workflow.GetVersion(ctx, "greeting", workflow.DefaultVersion, 1) == 2 {\n\t\tif err := workflow.ExecuteActivity(ctx, clerk.File',
  ],
];

describe('an edit of Go code is found at its line', () => {
  let workspace: Workspace;
  let replayer: GoReplayer;

  beforeAll(async () => {
    if (!sdk.available) return;
    workspace = await commandsGoWorkspace(sdk, {
      edits: [...EDITS, ['"errors"\n', '']],
    });
    replayer = await GoReplayer.start(workspace.application);
  });
  afterAll(async () => {
    if (!sdk.available) return;
    await replayer.stop();
    await workspace.remove();
  });

  whenThere.each([
    ['Activities', 'differs', 'ScheduleActivityTask', 'Greet, "x"'],
    // Timers have no names: the one too many is the last of its task.
    ['Timers', 'extra', 'StartTimer', '20*time.Millisecond'],
    ['Children', 'differs', 'SignalExternalWorkflowExecution', '"stop"'],
    ['waiting', 'extra', 'ScheduleActivityTask', '"too much"'],
    ['Attributes', 'differs', 'ModifyWorkflowProperties', '"customer"'],
    ['Versions', 'differs', 'StartTimer', 'return workflow.Sleep(ctx, 10*time.Millisecond)'],
  ])('%s: %s, %s', async (name, kind, command, line) => {
    const history = goHistory(name);
    const result = await replayer.replay(history, true);
    expect(result.outcome).toBe('nondeterministic');
    const { mismatch } = layBeside(recordedHistory(history.events), result.commands ?? []);
    expect(mismatch).toMatchObject({
      kind,
      issued: { command, ...sourceLine(workspace.application, 'workflows/workflows.go', line) },
    });
  });

  whenThere.each([
    ['Goroutines', 'ScheduleActivityTask'],
    ['Failing', 'FailWorkflowExecution'],
    ['Continued', 'ContinueAsNewWorkflowExecution'],
  ])('%s: ends where history has %s', async (name, expected) => {
    const history = goHistory(name);
    const result = await replayer.replay(history, true);
    expect(result.outcome).toBe('nondeterministic');
    const { mismatch } = layBeside(recordedHistory(history.events), result.commands ?? []);
    expect(mismatch).toMatchObject({
      kind: 'differs',
      expected: { command: expected },
      issued: { command: 'CompleteWorkflowExecution' },
    });
  });

  whenThere('and nothing where nothing was edited', async () => {
    for (const name of ['Updates', 'SideEffects']) {
      expect(await replayer.replay(goHistory(name))).toMatchObject({ outcome: 'passed' });
    }
  });
});
