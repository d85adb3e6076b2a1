import { afterAll, describe, expect, test } from '@jest/globals';
import type { Named } from '../../src/diagnosis/named-in-source.js';
import { Outlook } from '../../src/diagnosis/outlook.js';
import { SourceFiles } from '../../src/diagnosis/source-files.js';
import type { Frame } from '../../src/diagnosis/source-location.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const KNOWN: readonly Named[] = [
  { command: 'ScheduleActivityTask', name: 'reserve' },
  { command: 'ScheduleActivityTask', name: 'send-mail' },
  { command: 'StartChildWorkflowExecution', name: 'packParcel' },
];
let files = 0;

const commandsBelow = (frame: Frame, known: Iterable<Named>, path: string): Named[] =>
  new Outlook(new SourceFiles(path, []), known).below(frame);

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

describe('calls', () => {
  const at = (path: string, line: number): Frame => ({ file: workspace.at(path), line });
  const names = (frame: Frame, definition?: Frame, rounds?: number): string[] =>
    new Outlook(new SourceFiles(workspace.path, []), KNOWN, definition)
      .below(frame, rounds)
      .map(({ command, name }) => (name === '' ? command : name));

  test('a function that a line calls is read there, also one of a file beside it', () => {
    workspace.file(
      'calls/helpers.ts',
      'export async function pack(id) { return await acts.reserve(id); }',
    );
    workspace.file(
      'calls/order.ts',
      [
        'export async function order() {',
        '  await sleep(1);',
        '  await pack();',
        '  await tell();',
        '}',
        'async function tell() {',
        '  await sendMail();',
        '}',
      ].join('\n'),
    );
    expect(names(at('calls/order.ts', 2))).toEqual(['reserve', 'send-mail']);
  });

  test.each([
    [
      'a.py',
      [
        'async def run(self):',
        '    here()',
        '    await self.ship()',
        'async def ship(self):',
        '    reserve()',
      ],
    ],
    [
      'a.go',
      [
        'func Run(ctx) {',
        '\there(ctx)',
        '\tw.ship(ctx)',
        '}',
        'func (w *W) ship(ctx) error {',
        '\treserve(ctx)',
        '}',
      ],
    ],
    [
      'A.java',
      [
        '  public String run() {',
        '    here();',
        '    ship();',
        '  }',
        '  protected void ship() {',
        '    acts.reserve();',
        '  }',
      ],
    ],
  ])('a method in %s', (path, lines) => {
    workspace.file(`methods/${path}`, lines.join('\n'));
    expect(names(at(`methods/${path}`, 2))).toEqual(['reserve']);
  });

  test('behind the end of a function its callers go on', () => {
    workspace.file(
      'callers.ts',
      [
        'function helper() {',
        '  here();',
        '}',
        'function order() {',
        '  helper();',
        '  reserve();',
        '}',
      ].join('\n'),
    );
    const frame = { ...at('callers.ts', 2), callers: [at('callers.ts', 5)] };
    expect(names(frame)).toEqual(['reserve']);
  });

  test('a decorator and an interceptor come to the workflow', () => {
    const file = workspace.file(
      'decorated.py',
      [
        'def traced(fn):',
        '    async def inner(self, *args):',
        '        await asyncio.sleep(1)',
        '        return await fn(self, *args)',
        '    return inner',
        'class Inbound:',
        '    async def execute_workflow(self, input):',
        '        await asyncio.sleep(1)',
        '        return await self.next.execute_workflow(input)',
        'class Order:',
        '    @traced',
        '    async def run(self):',
        '        await reserve()',
      ].join('\n'),
    );
    expect(names(at('decorated.py', 3), { file, line: 12 })).toEqual(['reserve']);
    expect(names(at('decorated.py', 8), { file, line: 12 })).toEqual(['reserve']);
  });

  test('a function that a condition calls is no parameter, so it does not come to the workflow', () => {
    const file = workspace.file(
      'patched.ts',
      [
        'export async function order() {',
        '  await notify();',
        "  if (patched('check')) {",
        '    await reserve();',
        '  }',
        '}',
      ].join('\n'),
    );
    expect(names(at('patched.ts', 2), { file, line: 1 })).toEqual(['reserve']);
  });

  test('what a call runs again and again is a loop, which can go round more often or be over', () => {
    workspace.file(
      'Each.java',
      [
        '    ids.stream().forEach(',
        '        id -> {',
        '          acts.reserve(id);',
        '          here(id);',
        '        });',
        '    sendMail();',
      ].join('\n'),
    );
    expect(names(at('Each.java', 4))).toEqual(['reserve', 'send-mail']);
    expect(names(at('Each.java', 4), undefined, 2)).toEqual(['reserve', 'reserve', 'send-mail']);
    expect(names(at('Each.java', 4), undefined, 0)).toEqual(['send-mail']);
  });

  test('functions that call each other end', () => {
    workspace.file(
      'circle.ts',
      [
        'function a() {',
        '  here();',
        '  b();',
        '}',
        'function b() {',
        '  a();',
        '  reserve();',
        '}',
      ].join('\n'),
    );
    expect(names(at('circle.ts', 2))).toContain('reserve');
  });
});
