import { afterAll, expect, test } from '@jest/globals';
import { commandsBelow, type Named } from '../../src/diagnosis/outlook.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const KNOWN: readonly Named[] = [
  { command: 'ScheduleActivityTask', name: 'reserve' },
  { command: 'ScheduleActivityTask', name: 'send-mail' },
  { command: 'StartChildWorkflowExecution', name: 'packParcel' },
];
let files = 0;

/** Names of what is named below the line that holds `// here`; commands without a name by their kind. */
function below(...lines: string[]): string[] {
  const file = workspace.file(`src/workflow-${(files += 1)}.ts`, lines.join('\n'));
  const line = lines.findIndex((text) => text.includes('// here')) + 1;
  return commandsBelow({ file, line }, KNOWN, workspace.path).map(({ command, name }) =>
    name === '' ? command : name,
  );
}

test('names stand in the order of the text, from the line below on', () => {
  expect(
    below(
      '  await reserve(order); // here',
      "  await acts['send-mail'](order); await reserve(order);",
      '  await executeChild(packParcel, { args: [order] });',
    ),
  ).toEqual(['send-mail', 'reserve', 'packParcel']);
});

test('a name is known however its language writes it', () => {
  expect(
    below(
      '  // here',
      '  workflow.ExecuteActivity(ctx, activities.SendMail)',
      '  await workflow.execute_activity(activities.send_mail)',
      '  workflow.ExecuteChildWorkflow(ctx, PackParcel)',
      '  await pack_parcel()',
      '  await packparcels()',
    ),
  ).toEqual(['send-mail', 'send-mail', 'packParcel', 'packParcel']);
});

test('the arguments of a call over several lines are not what comes next', () => {
  expect(
    below(
      '  await workflow.execute_activity(  // here',
      '      acts.reserve, args=[order.id, order.items], **SOON',
      '  )',
      '  await workflow.execute_activity(acts.send_mail)',
    ),
  ).toEqual(['send-mail']);
  // A function among the arguments is what comes next.
  expect(
    below(
      '  await all(orders.map(async (order) => { // here',
      '    await reserve(order);',
      '  }));',
    ),
  ).toEqual(['reserve']);
});

test("a method of Python's ends where the next one begins", () => {
  const lines = [
    'class Order:',
    '    async def run(self):',
    '        if large:',
    '            await acts.reserve()  # here',
    '        await acts.send_mail()',
    '',
    '    async def other(self):',
    '        await acts.pack_parcel()',
  ];
  const file = workspace.file('src/method.py', lines.join('\n'));
  expect(commandsBelow({ file, line: 4 }, KNOWN, workspace.path).map(({ name }) => name)).toEqual([
    'send-mail',
  ]);
});

test("a method of Java's ends where its brace closes, and a lambda in it goes on behind it", () => {
  const lines = [
    'class Order {',
    '  class Impl {',
    '    private final Activities acts =',
    '        Workflow.newActivityStub(Activities.class, OPTIONS);',
    '    private final Activities near = Workflow.newLocalActivityStub(Activities.class, NEAR);',
    '',
    '    public void run(Input input) throws Failure {',
    '      for (String part : input.parts) {',
    '        Async.procedure(() -> {',
    '          acts.reserve(part); // here',
    '        });',
    '      }',
    '      Workflow.await(Duration.ofHours(1), () -> paid);',
    '      Workflow.await(() -> acts.sendMail(input));',
    '      near.draw(input);',
    '      Async.function(acts::ship, input);',
    '    }',
    '',
    '    public void pack(Input input) {',
    '      acts.packParcel(input);',
    '    }',
    '  }',
    '}',
  ];
  const file = workspace.file('src/Order.java', lines.join('\n'));
  const line = lines.findIndex((text) => text.includes('// here')) + 1;
  const named = commandsBelow({ file, line }, KNOWN, workspace.path);
  expect(named.map(({ command, name }) => (name === '' ? command : `${command} ${name}`))).toEqual([
    'StartTimer',
    'ScheduleActivityTask send-mail',
    'ScheduleActivityTask ship',
  ]);
});

test('parts of words, other names and comments are none', () => {
  expect(
    below('  // here', '  reserved = unreserve(x); // reserve', '  // reserve', '  await other();'),
  ).toEqual([]);
});

test('timers, upserts and continue-as-new are told by what the SDKs call them', () => {
  expect(
    below(
      '  // here',
      '  await sleep(30);',
      "  await condition(() => paid, '1 hour');",
      '  await condition(() => paid);',
      '  upsertMemo({ a: 1 });',
      '  upsertSearchAttributes([]);',
      '  await continueAsNew<typeof order>(x);',
    ),
  ).toEqual([
    'StartTimer',
    'StartTimer',
    'ModifyWorkflowProperties',
    'UpsertWorkflowSearchAttributes',
    'ContinueAsNewWorkflowExecution',
  ]);
});

test('activities that no history holds yet are known from where they are made callable', () => {
  expect(
    below(
      'const { ship, charge: pay } = proxyActivities<typeof activities>({});',
      '  // here',
      '  await ship(x);',
    ),
  ).toEqual(['ship']);
});

test('the end of the function is the end', () => {
  expect(
    below('  // here', '  await sleep(1);', '}', 'async function next() {', '  await reserve(x);'),
  ).toEqual(['StartTimer']);
});

test('a loop comes around before what is behind it', () => {
  expect(
    below(
      '  for (const item of items) {',
      '    await reserve(item);',
      '    await other(item); // here',
      '    await sleep(1);',
      '  }',
      '  await executeChild(packParcel);',
    ),
  ).toEqual(['StartTimer', 'reserve', 'packParcel']);
});

test('a place outside of the checkout, or none, says nothing', () => {
  expect(commandsBelow({ file: '/elsewhere.ts', line: 1 }, KNOWN, workspace.path)).toEqual([]);
  expect(commandsBelow({}, KNOWN, workspace.path)).toEqual([]);
});
