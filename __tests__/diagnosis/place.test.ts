import { afterAll, describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { DiagnosedFinding, Failure } from '../../src/diagnosis/failure.js';
import type { Frame } from '../../src/diagnosis/source-location.js';
import { temporalReader } from '../../src/temporal/reader.js';
import { EventHistory } from '../builders/event-history.js';
import { anExecution } from '../builders/executions.js';
import { aFailure, type FailureChanges } from '../builders/failures.js';
import { itemAt } from '../builders/item-at.js';
import { activity, issued, IssuedCommands, timer } from '../builders/recorded-commands.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const workspace = new WorkspaceFolder();
const baseline = new WorkspaceFolder();
afterAll(() => {
  workspace.remove();
  baseline.remove();
});

/** The lines of one file in a checkout, each found by the text in it. */
class Code {
  private readonly file: string;
  private readonly lines: readonly string[];

  constructor(folder: WorkspaceFolder, path: string, ...lines: string[]) {
    this.file = folder.file(path, lines.join('\n'));
    this.lines = lines;
  }

  at(text: string, ...callers: Frame[]): { file: string; line: number; callers?: Frame[] } {
    const line = this.lines.findIndex((one) => one.includes(text)) + 1;
    if (line === 0) throw new Error(`no line with ${text}`);
    return { file: this.file, line, ...(callers.length === 0 ? {} : { callers }) };
  }
}

function found(changes: FailureChanges, ...others: Failure[]): DiagnosedFinding {
  const checkouts = {
    workspace: workspace.path,
    baseline: changes.onBaseline === undefined ? undefined : baseline.path,
  };
  const findings = diagnose([aFailure(changes), ...others], checkouts, temporalReader);
  expect(findings).toHaveLength(1);
  return itemAt(findings, 0);
}

/** reserve, then charge after it. */
const history = (): EventHistory =>
  new EventHistory().task().activity('reserve').activityDone().task().activity('charge', '2');

/** What the code issues in the two tasks. */
const code = (
  first: ReturnType<typeof activity>,
  ...second: ReturnType<typeof activity>[]
): IssuedCommands => new IssuedCommands().in(3, first).in(9, ...second);

describe('with a baseline', () => {
  test('a command that a shared helper issues is told at the call that is new, the helper second', () => {
    const HELPER = ['func act(ctx, a) {', '  return workflow.ExecuteActivity(ctx, a)', '}'];
    const here = new Code(
      workspace,
      'wf.go',
      ...HELPER,
      'func Order(ctx) {',
      '  act(ctx, Reserve)',
      '  act(ctx, Notify)',
      '  act(ctx, Charge)',
      '}',
    );
    const there = new Code(
      baseline,
      'wf.go',
      ...HELPER,
      'func Order(ctx) {',
      '  act(ctx, Reserve)',
      '  act(ctx, Charge)',
      '}',
    );
    const finding = found({
      recorded: {
        history: history(),
        commands: code(
          activity('reserve', here.at('ExecuteActivity', here.at('Reserve'))),
          activity('notify', here.at('ExecuteActivity', here.at('Notify'))),
        ),
      },
      onBaseline: code(
        activity('reserve', there.at('ExecuteActivity', there.at('Reserve'))),
        activity('charge', { id: '2', ...there.at('ExecuteActivity', there.at('Charge')) }),
      ),
    });
    expect(finding).toMatchObject({
      cause: 'command-added',
      divergence: { location: { file: 'wf.go', line: 6 }, helper: { file: 'wf.go', line: 2 } },
    });
    expect(finding.headline).toContain('activity notify here (by wf.go:2), where');
  });

  test.each([
    ['command-added', ['await reserve();', 'await log();', 'await charge();'], 'log'],
    ['command-replaced', ['await reserve();', 'await log();'], 'log'],
    // Two edits at once: what was taken away further below does not matter here.
    ['command-added', ['await reserve();', 'await log();', 'await charge({ now: true });'], 'log'],
    ['command-removed', ['await reserve();', 'await ship();'], 'ship'],
    ['command-moved', ['await reserve();', 'await ship();', 'await charge();'], 'ship'],
  ])('%s: %j', (cause, lines, name) => {
    const here = new Code(workspace, 'order.ts', ...lines);
    const there = new Code(
      baseline,
      'order.ts',
      'await reserve();',
      'await charge();',
      'await ship();',
    );
    const finding = found({
      recorded: {
        history: history(),
        commands: code(
          activity('reserve', here.at('reserve')),
          activity(name, { id: '2', ...here.at(`${name}(`) }),
        ),
      },
      onBaseline: code(
        activity('reserve', there.at('reserve')),
        activity('charge', { id: '2', ...there.at('charge') }),
      ),
    });
    expect(finding.cause).toBe(cause);
  });

  test.each([
    { what: 'before it, where it stood nearer', below: [], line: 2 },
    { what: 'at the wait, where it stood beside that', below: ['one;', 'two;', 'three;'], line: 6 },
  ])('a timer that is gone is told at the command $what', ({ below, line }) => {
    const begin = ['await reserve();', 'await charge();', ...below];
    const end = below.length > 0 ? [] : ['one;', 'two;', 'three;'];
    const here = new Code(workspace, 'order.ts', ...begin, ...end, 'await condition();');
    const there = new Code(
      baseline,
      'order.ts',
      ...begin,
      'void sleep();',
      ...end,
      'await condition();',
    );
    const events = new EventHistory().task().activity('reserve').activityDone().task();
    const finding = found({
      recorded: {
        history: events.activity('charge', '2').timer('3', { seconds: 60 }),
        commands: code(
          activity('reserve', here.at('reserve')),
          activity('charge', { id: '2', ...here.at('charge') }),
        ),
        more: { waits: [{ historyLength: 9, ...here.at('condition') }] },
      },
      onBaseline: code(
        activity('reserve', there.at('reserve')),
        activity('charge', { id: '2', ...there.at('charge') }),
        timer({ id: '3', ...there.at('sleep') }),
      ),
    });
    expect(finding).toMatchObject({ cause: 'command-removed', divergence: { location: { line } } });
  });

  test('what a helper of another file throws is told at the call that is new', () => {
    const helpers = ['export function check() {', '  throw new Error();', '}'];
    const helper = new Code(workspace, 'helpers.ts', ...helpers);
    new Code(baseline, 'helpers.ts', ...helpers);
    const here = new Code(workspace, 'order.ts', 'await reserve();', 'check();');
    new Code(baseline, 'order.ts', 'await reserve();');
    const frame = helper.at('throw', here.at('check'));
    expect(
      found({ kind: 'task-failed', frame, onBaseline: new IssuedCommands() }).divergence,
    ).toMatchObject({
      location: { file: 'order.ts', line: 2 },
      helper: { file: 'helpers.ts', line: 2 },
    });
  });
});

describe('without a baseline', () => {
  test('a line that issued another command for another caller is a helper, so its caller is told', () => {
    const here = new Code(workspace, 'order.py', 'helper', 'call of reserve', 'call of notify');
    const finding = found({
      recorded: {
        history: history(),
        commands: code(
          activity('reserve', here.at('helper', here.at('reserve'))),
          activity('notify', here.at('helper', here.at('notify'))),
        ),
      },
    });
    expect(finding.divergence).toMatchObject({ location: { line: 3 }, helper: { line: 1 } });
  });

  test('the end has no line of its own: it is told in the function of the workflow, not in a helper', () => {
    const here = new Code(
      workspace,
      'order.ts',
      'export async function order() {',
      '  await pack();',
      '}',
    );
    const helper = new Code(workspace, 'helpers.ts', 'export const pack = () => reserve();');
    const finding = found({
      recorded: {
        history: history(),
        commands: code(
          activity('reserve', helper.at('reserve', here.at('pack'))),
          issued('CompleteWorkflowExecution'),
        ),
        more: { definition: here.at('function') },
      },
    });
    expect(finding).toMatchObject({
      cause: 'workflow-ends-earlier',
      divergence: { location: { file: 'order.ts', line: 2 } },
    });
  });

  test('a workflow that does nothing any more is told where it is declared', () => {
    const here = new Code(workspace, 'Order.java', 'class Order {', '  String run() {', '  }', '}');
    const finding = found({
      recorded: {
        history: history(),
        commands: new IssuedCommands().in(3, issued('CompleteWorkflowExecution')),
        more: { definition: here.at('run') },
      },
    });
    expect(finding.divergence).toMatchObject({ location: { line: 2 } });
  });

  test('a time limit that is gone is told at its wait, also where another timer comes below', () => {
    const here = new Code(
      workspace,
      'reminder.py',
      'class Reminder:',
      '    async def run(self):',
      '        await workflow.wait_condition(lambda: self.answered)',
      '        await asyncio.sleep(86400)',
      '    def answer(self):',
    );
    const day = { seconds: 86_400 };
    const events = (): EventHistory =>
      new EventHistory('Reminder').task().timer('1', { seconds: 60 });
    const more = {
      handlers: [{ kind: 'signal' as const, name: 'answer', ...here.at('answer(self)') }],
      definition: here.at('run'),
    };
    const wait = { historyLength: 3, ...here.at('wait_condition') };
    const commands = new IssuedCommands();
    const waiting = { recorded: { history: events(), commands, more: { ...more, waits: [wait] } } };
    const wentOn = aFailure({
      recorded: {
        history: events().signal('answer').task().timer('2', day),
        commands,
        more: { ...more, waits: [{ ...wait, over: true }] },
      },
    });
    expect(found(waiting, wentOn)).toMatchObject({
      cause: 'command-removed',
      divergence: { location: { line: 3 } },
    });
  });

  test('a handler that is declared elsewhere is not told for what it did not issue', () => {
    const here = new Code(
      workspace,
      'job.py',
      '    async def run(self):',
      '        pass',
      '    def stop(self):',
    );
    const finding = found({
      recorded: {
        history: history(),
        commands: new IssuedCommands().in(3, issued('CompleteWorkflowExecution')),
        more: {
          handlers: [{ kind: 'signal', name: 'stop', ...here.at('stop') }],
          definition: here.at('run'),
        },
      },
    });
    expect(finding.divergence).toMatchObject({ location: { line: 1 } });
  });
});

describe('what looks the same', () => {
  const at = (folder: WorkspaceFolder, line: number): Frame => ({
    file: folder.at('reminder.ts'),
    line,
  });
  const lasting = (ms: number, line: number): ReturnType<typeof timer> =>
    timer({ carries: { values: { startToFireTimeout: ms }, digests: {} }, ...at(workspace, line) });

  test('a timer before another one is told by their lengths', () => {
    workspace.file('reminder.ts', 'await sleep(7);\nawait sleep(100);\nawait sleep(300);\n');
    const finding = found({
      recorded: {
        history: new EventHistory()
          .task()
          .timer('1', { nanos: 100_000_000 })
          .timerFired()
          .task()
          .timer('2', { nanos: 300_000_000 })
          .timerFired()
          .task()
          .completed(),
        commands: new IssuedCommands()
          .in(3, lasting(7, 1))
          .in(8, lasting(100, 2))
          .in(13, lasting(300, 3)),
      },
    });
    expect(finding).toMatchObject({
      cause: 'command-added',
      divergence: { location: { line: 1 } },
    });
    expect(finding.headline).toContain(
      'issues a timer of 7 ms here, where history holds a timer of 100 ms (',
    );
  });

  test('a timer whose length alone is another one is no cause', () => {
    const finding = found({
      recorded: {
        history: new EventHistory()
          .task()
          .timer('1', { nanos: 100_000_000 })
          .timerFired()
          .task()
          .activity('ship'),
        commands: new IssuedCommands()
          .in(3, lasting(7, 1))
          .in(8, activity('pack', at(workspace, 2))),
      },
    });
    expect(finding.divergence).toMatchObject({ command: 'activity pack', location: { line: 2 } });
  });

  const UUIDS = ['d46faffd-a3f1-4bb7-9174-e6a5266db217', 'f5053428-2639-4909-b2a9-ebaff7f49912'];
  const child = (history: string, code: string): FailureChanges => ({
    execution: anExecution({ workflowId: `order-${code}` }),
    recorded: {
      history: new EventHistory().task().child('kid', history),
      commands: new IssuedCommands().in(
        3,
        issued('StartChildWorkflowExecution', 'kid', { id: code, ...at(workspace, 1) }),
      ),
    },
  });

  test('an ID that differs is told with both, and why it moves; other IDs are the same cause', () => {
    const [one = '', other = ''] = UUIDS;
    const finding = found(
      child(`kid-${one}`, `kid-${other}`),
      aFailure(child(`kid-${other}`, `kid-${one}`)),
    );
    expect(finding.cause).toBe('identifier-differs');
    expect(finding.headline).toContain(
      `issues child workflow kid with ID kid-${other} here, where history holds child workflow kid with ID kid-${one} (`,
    );
    expect(finding.remedy).toContain(
      "An ID from uuid4(), or the SDK's default, moves with every further one",
    );
    expect(finding.executions).toHaveLength(2);
  });

  test.each([
    ['run-1_7', 'run-1_8', 'A number that is counted up'],
    ['kid-of-mary', 'kid-of-john', 'Give child workflow kid the ID'],
  ])('%s and %s: %s', (held, now, why) => {
    expect(found(child(held, now)).remedy.startsWith(why)).toBe(true);
  });
});
