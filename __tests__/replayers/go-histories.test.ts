/** @tier middle */
import { afterAll, beforeAll, describe, expect, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { align } from '../../src/diagnosis/align.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';
import { fixtureNames } from '../fixtures/histories.js';
import { redacted } from '../fixtures/redacted.js';
import { commandsGoWorkspace, goHistory, LAST_TIMER_OF_1_26 } from './go-application.js';
import { GoReplayer } from './go-replayer.js';
import { sourceLine } from './source-line.js';
import { recordedHistory } from '../builders/recorded-history.js';

jest.setTimeout(900_000);

const newest = await findGoSdk(GO_SDKS.newest);
const oldest = await findGoSdk(GO_SDKS.oldest);

describe.each([
  { version: GO_SDKS.newest, found: newest, files: {} },
  { version: GO_SDKS.oldest, found: oldest, files: LAST_TIMER_OF_1_26 },
])('histories of the Go SDK $version', ({ version, found, files }) => {
  const set = `commands-go-${version}`;
  let workspace: Workspace;
  let replayer: GoReplayer;

  const whenThere = skipUnless(found).it;
  beforeAll(async () => {
    if (!found.available) return;
    workspace = await commandsGoWorkspace(required(found), { files });
    replayer = await GoReplayer.start(workspace.application);
  });
  afterAll(async () => {
    if (!found.available) return;
    await replayer.stop();
    await workspace.remove();
  });

  whenThere('are replayed with the SDK of that release', () => {
    expect(replayer.ready).toEqual({
      type: 'ready',
      language: 'go',
      sdk: { name: 'go.temporal.io/sdk', version },
      dynamic: false,
      chance: 'replay',
      concurrency: expect.any(Number),
      workflowTypes: expect.arrayContaining(['Activities', 'Timers', 'waiting']),
    });
  });

  describe.each(fixtureNames(set))('%s', (name) => {
    whenThere('passes, and the same with recording', async () => {
      const history = goHistory(name, undefined, set);
      expect(await replayer.replay(history)).toMatchObject({ outcome: 'passed' });
      expect(await replayer.replay(history, true)).toMatchObject({ outcome: 'passed' });
    });

    whenThere('passes with other contents', async () => {
      const history = redacted(goHistory(name, undefined, set));
      expect(await replayer.replay(history)).toMatchObject({ outcome: 'passed' });
    });

    whenThere('aligns with what the code issues', async () => {
      const history = goHistory(name, undefined, set);
      const { commands } = await replayer.replay(history, true);
      expect(align(recordedHistory(history.events), commands ?? [])).toBeUndefined();
    });
  });
});

describe('each command has the line that issued it', () => {
  let workspace: Workspace;
  let replayer: GoReplayer;
  const whenThere = skipUnless(newest).it;

  beforeAll(async () => {
    if (!newest.available) return;
    workspace = await commandsGoWorkspace(newest);
    replayer = await GoReplayer.start(workspace.application, { workflows: './workflows#Register' });
  });
  afterAll(async () => {
    if (!newest.available) return;
    await replayer.stop();
    await workspace.remove();
  });

  async function issued(history: string): Promise<[string, string, number | undefined][]> {
    const { commands = [] } = await replayer.replay(goHistory(history), true);
    const files = new Set(commands.flatMap(({ file }) => (file === undefined ? [] : [file])));
    for (const file of files)
      expect(file.startsWith(`${workspace.application}/workflows/`)).toBe(true);
    return commands.map(({ command, name, line }) => [command, name, line]);
  }
  /** Of the `nth` line that has the text. */
  const at = (text: string, nth = 1): number => {
    const lines = readFileSync(`${workspace.application}/workflows/workflows.go`, 'utf8').split(
      '\n',
    );
    const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
    const line = found[nth - 1];
    if (line === undefined) throw new Error(`no line ${nth} with ${text}`);
    return line;
  };

  whenThere('activities, local ones, and their cancellations', async () => {
    expect(await issued('Activities')).toEqual([
      ['ScheduleActivityTask', 'greet', at('Greet, "one"')],
      ['ScheduleActivityTask', 'File', at('clerk.File, "below"')],
      ['ScheduleActivityTask', 'Hang', at('clerk.Hang)')],
      ['ScheduleActivityTask', 'File', at('clerk.File, "never"')],
      ['RequestCancelActivityTask', '', at('\twithdraw()')],
      ['StartTimer', '', at('50*time.Millisecond')],
      ['RequestCancelActivityTask', '', at('\tcancel()')],
      ['ScheduleLocalActivity', 'greet', at('Greet, "local"')],
      ['ScheduleActivityTask', 'greet', at('Greet, "two"')],
      ['CompleteWorkflowExecution', '', undefined],
    ]);
  });

  whenThere('timers of every kind, and their cancellations', async () => {
    const commands = await issued('Timers');
    expect(commands.slice(0, -2)).toEqual([
      ['StartTimer', '', at('Sleep(ctx, 10*time.Millisecond)')],
      ['StartTimer', '', at('NewTimer(canceled, time.Hour)')],
      ['StartTimer', '', at('20*time.Millisecond')],
      ['CancelTimer', '', at('\tcancel()', 2)],
      ['StartTimer', '', at('2*time.Hour')],
      ['CancelTimer', '', at('\twithdraw()', 2)],
      ['StartTimer', '', at('AwaitWithTimeout(')],
      ['StartTimer', '', at('30*time.Millisecond')],
    ]);
    const { commands: all = [] } = await replayer.replay(goHistory('Timers'), true);
    expect(all.at(-2)).toMatchObject({
      command: 'StartTimer',
      ...sourceLine(workspace.application, 'workflows/last_timer.go', 'NewTimerWithOptions'),
    });
  });

  whenThere('children, signals and cancellations of other workflows', async () => {
    expect(await issued('Children')).toEqual([
      ['StartChildWorkflowExecution', 'Child', at('first := ')],
      ['SignalExternalWorkflowExecution', 'go', at('SignalExternalWorkflow(')],
      ['StartChildWorkflowExecution', 'Child', at('second := ')],
      ['CancelChildWorkflowExecution', '', at('\tcancel()', 3)],
      ['StartChildWorkflowExecution', 'Child', at('third := ')],
      ['RequestCancelExternalWorkflowExecution', '', at('RequestCancelExternalWorkflow(')],
      ['StartChildWorkflowExecution', 'Child', at('fourth := ')],
      ['SignalExternalWorkflowExecution', 'go', at('SignalChildWorkflow(')],
      ['CompleteWorkflowExecution', '', undefined],
    ]);
  });

  whenThere('a version, whose marker the first question writes', async () => {
    expect((await issued('Versions')).slice(0, 2)).toEqual([
      ['SetPatchMarker', 'greeting', at('GetVersion(', 1)],
      ['ScheduleActivityTask', 'greet', at('Greet, "version 1"')],
    ]);
    const { patches } = await replayer.replay(goHistory('Versions'), true);
    expect(patches).toMatchObject([
      { id: 'greeting', answer: true, line: at('GetVersion(', 1) },
      { id: 'greeting', answer: true, line: at('GetVersion(', 2) },
    ]);
  });

  whenThere('a side effect', async () => {
    expect((await issued('SideEffects'))[0]).toEqual([
      'RecordMarker',
      'SideEffect',
      at('workflow.SideEffect('),
    ]);
  });

  whenThere('search attributes and memo', async () => {
    expect(await issued('Attributes')).toEqual([
      ['UpsertWorkflowSearchAttributes', '', at('UpsertTypedSearchAttributes(')],
      ['StartTimer', '', at('10*time.Millisecond', 3)],
      ['ModifyWorkflowProperties', '', at('UpsertMemo(')],
      ['CompleteWorkflowExecution', '', undefined],
    ]);
  });

  whenThere('updates, at the line that set their handler', async () => {
    expect((await issued('Updates')).slice(0, 3)).toEqual([
      ['UpdateResponse', 'accepted', at('SetUpdateHandler(')],
      ['ScheduleActivityTask', 'greet', at('Greet, "update"')],
      ['UpdateResponse', 'completed', at('SetUpdateHandler(')],
    ]);
  });

  whenThere('what goroutines of the workflow issue in functions that they call', async () => {
    expect(await issued('Goroutines')).toEqual([
      ['ScheduleActivityTask', 'greet', at('Greet, name')],
      ['ScheduleActivityTask', 'greet', at('Greet, name')],
      ['StartTimer', '', at('10*time.Millisecond', 4)],
      ['StartTimer', '', at('10*time.Millisecond', 4)],
      ['ScheduleActivityTask', 'File', at('"joined"')],
      ['CompleteWorkflowExecution', '', undefined],
    ]);
  });

  whenThere(
    'what the SDK issues to begin and to end a session, where the code asks for it',
    async () => {
      const session = (text: string): object =>
        sourceLine(workspace.application, 'workflows/sessions.go', text);
      const { commands = [] } = await replayer.replay(goHistory('Sessions'), true);
      expect(commands).toMatchObject([
        { command: 'RecordMarker', name: 'SideEffect', ...session('CreateSession(') },
        { name: 'internalSessionCreationActivity', ...session('CreateSession(') },
        { name: 'greet', ...session('"in a session"') },
        { command: 'RequestCancelActivityTask', ...session('CompleteSession(') },
        { name: 'internalSessionCompletionActivity', ...session('CompleteSession(') },
        { name: 'File', ...session('"after the session"') },
        { command: 'CompleteWorkflowExecution' },
      ]);
    },
  );

  whenThere("what a selector's branches issue, in the branch", async () => {
    const selected = (text: string): object =>
      sourceLine(workspace.application, 'workflows/selectors.go', text);
    const { commands = [] } = await replayer.replay(goHistory('Selectors'), true);
    expect(commands).toMatchObject([
      { command: 'ScheduleActivityTask', ...selected('"selected"') },
      { command: 'StartTimer', ...selected('200*time.Millisecond') },
      { command: 'StartTimer', ...selected('400*time.Millisecond') },
      { command: 'StartTimer', ...selected('NewTimer(ctx, time.Hour)') },
      { command: 'ScheduleActivityTask', ...selected('"by the timer"') },
      { command: 'ScheduleActivityTask', ...selected('"by the channel"') },
      { command: 'CompleteWorkflowExecution' },
    ]);
  });

  whenThere('the ends of workflows', async () => {
    expect((await issued('Failing')).at(-1)).toEqual(['FailWorkflowExecution', '', undefined]);
    expect((await issued('Continued')).at(-1)).toEqual([
      'ContinueAsNewWorkflowExecution',
      'Continued',
      at('NewContinueAsNewError('),
    ]);
  });

  whenThere(
    'and where the code waits is known, without what it does when it is closed',
    async () => {
      const result = await replayer.replay(goHistory('waiting'), true);
      expect(result.commands).toHaveLength(1);
      expect(result.waits).toMatchObject([{ historyLength: 9, line: at('workflow.Await(', 2) }]);
      expect(result.handlers).toMatchObject([
        { kind: 'signal', name: 'approve', line: at('"approve"') },
      ]);
      expect(result.unhandledSignals).toEqual([]);
    },
  );
});
