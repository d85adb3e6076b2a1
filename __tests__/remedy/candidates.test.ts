import { describe, expect, test } from '@jest/globals';
import type { Cause } from '../../src/model/cause.js';
import { edited } from '../../src/remedy/as-edits.js';
import { candidatesFor, type Told } from '../../src/remedy/candidates.js';

const IMPORT = `import { proxyActivities, sleep } from '@temporalio/workflow';`;

const FLOW = (...body: string[]): string[] => [
  IMPORT,
  'export async function order(id: string): Promise<string> {',
  ...body.map((line) => `  ${line}`),
  '}',
  '',
];

const told = (cause: Cause, line: number, file = 'order.ts'): Told => ({
  cause,
  divergence: {
    kind: 'extra-command',
    command: 'activity `checkFraud`',
    taskStartedEventId: 4,
    location: { file, line },
  },
});

const written = (
  cause: Cause,
  line: number,
  head: readonly string[],
  base?: readonly string[],
  language = 'typescript',
): string[] =>
  candidatesFor(
    told(cause, line),
    [{ file: 'order.ts', head, ...(base === undefined ? {} : { base }) }],
    language,
  ).map(({ edits }) => edited(head, edits).join('\n'));

const first = (...given: Parameters<typeof written>): string[] =>
  (written(...given)[0] ?? '').split('\n');

describe('in TypeScript', () => {
  test('what was added goes into a branch, with the import that it needs', () => {
    const base = FLOW('await reserve(id);', 'await ship(id);');
    const head = FLOW('await reserve(id);', 'await checkFraud(id);', 'await ship(id);');
    expect(first('command-added', 4, head, base)).toEqual([
      `import { patched, proxyActivities, sleep } from '@temporalio/workflow';`,
      'export async function order(id: string): Promise<string> {',
      '  await reserve(id);',
      `  if (patched('change-check-fraud')) {`,
      '    await checkFraud(id);',
      '  }',
      '  await ship(id);',
      '}',
      '',
    ]);
  });

  test('and also without a baseline, where the line is known', () => {
    const head = FLOW('await reserve(id);', 'await checkFraud(id, {', '  deep: true,', '});');
    expect(first('command-added', 4, head).slice(3, 8)).toEqual([
      `  if (patched('change-check-fraud')) {`,
      '    await checkFraud(id, {',
      '      deep: true,',
      '    });',
      '  }',
    ]);
    expect(written('command-replaced', 4, head)).toEqual([]);
  });

  test('what was removed comes back for executions that ran it', () => {
    const base = FLOW('await reserve(id);', 'await tell(id);', 'await ship(id);');
    const head = FLOW('await reserve(id);', 'await ship(id);');
    expect(first('command-removed', 4, head, base).slice(2, 7)).toEqual([
      '  await reserve(id);',
      `  if (!patched('change-check-fraud')) {`,
      '    await tell(id);',
      '  }',
      '  await ship(id);',
    ]);
  });

  test('one declaration becomes a choice between two values', () => {
    const base = FLOW('const r = await reserve(id);', 'return r;');
    const head = FLOW('const r = await store(id);', 'return r;');
    expect(first('command-replaced', 3, head, base).slice(2, 6)).toEqual([
      `  const r = patched('change-check-fraud')`,
      '    ? await store(id)',
      '    : await reserve(id);',
      '  return r;',
    ]);
  });

  test('what a branch would lose stays in it with the rest of the block', () => {
    const base = FLOW('const r = await reserve(id);', 'return r;');
    const head = FLOW('const p = await price(id);', 'const r = await reserve(p);', 'return r;');
    expect(first('command-replaced', 3, head, base).slice(2, -2)).toEqual([
      `  if (patched('change-check-fraud')) {`,
      '    const p = await price(id);',
      '    const r = await reserve(p);',
      '    return r;',
      '  } else {',
      '    const r = await reserve(id);',
      '    return r;',
      '  }',
    ]);
  });

  test('also where it is taken apart over several lines', () => {
    const head = FLOW('const {', '  a,', '} = await price(id);', 'await reserve(id);', 'return a;');
    const base = FLOW('await reserve(id);', 'return id;');
    for (const text of written('command-added', 3, head, base)) {
      expect(text).toMatch(/return a;\n {2}\} else \{/u);
    }
  });

  test('a moved command is behind one patch at both places', () => {
    const base = FLOW('await tell(id);', 'await sleep(1);', 'await ship(id);', 'await sleep(2);');
    const head = FLOW('await sleep(1);', 'await ship(id);', 'await tell(id);', 'await sleep(2);');
    expect(written('command-moved', 5, head, base)).toContainEqual(
      expect.stringContaining(
        [
          `  if (!patched('change-check-fraud')) {`,
          '    await tell(id);',
          '  }',
          '  await sleep(1);',
          '  await ship(id);',
          `  if (patched('change-check-fraud')) {`,
          '    await tell(id);',
          '  }',
        ].join('\n'),
      ),
    );
  });

  test('a condition that changed brings its whole statement, and never a half', () => {
    const base = FLOW('if (big) {', '  await ship(id);', '} else {', '  await sleep(1);', '}');
    const head = FLOW('if (!big) {', '  await ship(id);', '} else {', '  await sleep(1);', '}');
    expect(first('command-replaced', 3, head, base).slice(2, -2)).toEqual([
      `  if (patched('change-check-fraud')) {`,
      '    if (!big) {',
      '      await ship(id);',
      '    } else {',
      '      await sleep(1);',
      '    }',
      '  } else {',
      '    if (big) {',
      '      await ship(id);',
      '    } else {',
      '      await sleep(1);',
      '    }',
      '  }',
    ]);
  });

  test('a patch that is gone is put back', () => {
    const base = FLOW(`if (patched('fraud')) {`, '  await checkFraud(id);', '}', 'await ship(id);');
    const head = FLOW('await checkFraud(id);', 'await ship(id);');
    expect(written('patch-removed', 3, head, base)).toContain(base.join('\n'));
  });

  test('a patch ID that the file has already is not taken again', () => {
    const base = FLOW(`if (patched('change-check-fraud')) await sleep(1);`);
    const head = FLOW(
      `if (patched('change-check-fraud')) await sleep(1);`,
      'await checkFraud(id);',
    );
    expect(first('command-added', 4, head, base).join('\n')).toContain(
      `patched('change-check-fraud-2')`,
    );
  });

  test('nothing is written between the functions of a file, nor where chance decides', () => {
    const base = [IMPORT, 'const a = 1;', ''];
    const head = [IMPORT, 'const a = 2;', ''];
    expect(written('command-replaced', 2, head, base)).toEqual([]);
    const flow = FLOW('await checkFraud(id);');
    expect(written('nondeterministic-source', 3, flow, FLOW())).toEqual([]);
    expect(written('command-added', 3, flow, FLOW(), 'command')).toEqual([]);
  });
});

const PYTHON = (...body: string[]): string[] => [
  'from temporalio import workflow',
  '@workflow.defn',
  'class Order:',
  '    @workflow.run',
  '    async def run(self, id: str) -> str:',
  ...body.map((line) => `        ${line}`),
  '',
];

describe('in Python', () => {
  test('branches are indented as the file is, with all lines of their statements', () => {
    const base = PYTHON('await ship(', '    id,', ')', 'return id');
    const head = PYTHON('await check(', '    id,', ')', 'await ship(', '    id,', ')', 'return id');
    expect(first('command-added', 6, head, base, 'python').slice(5, 10)).toEqual([
      '        if workflow.patched("change-check-fraud"):',
      '            await check(',
      '                id,',
      '            )',
      '        await ship(',
    ]);
  });

  test('a condition that changed brings its block', () => {
    const base = PYTHON('if big:', '    await ship(id)', 'return id');
    const head = PYTHON('if not big:', '    await ship(id)', 'return id');
    expect(first('command-removed', 6, head, base, 'python').slice(5, -1)).toEqual([
      '        if workflow.patched("change-check-fraud"):',
      '            if not big:',
      '                await ship(id)',
      '        else:',
      '            if big:',
      '                await ship(id)',
      '        return id',
    ]);
  });
});

test('in Go and in Java a version is asked for', () => {
  const go = (...body: string[]): string[] => [
    'func Order(ctx workflow.Context) error {',
    ...body.map((line) => `\t${line}`),
    '}',
  ];
  const added = first('command-added', 2, go('check(ctx)', 'ship(ctx)'), go('ship(ctx)'), 'go');
  expect(added.slice(1, 4)).toEqual([
    '\tif workflow.GetVersion(ctx, "change-check-fraud", workflow.DefaultVersion, 1) == 1 {',
    '\t\tcheck(ctx)',
    '\t}',
  ]);
  const java = (...body: string[]): string[] => [
    'class Order {',
    '  public void run() {',
    ...body.map((line) => `    ${line}`),
    '  }',
    '}',
  ];
  const head = java('check();', 'ship();');
  expect(first('command-added', 3, head, java('ship();'), 'java').slice(2, 5)).toEqual([
    '    if (Workflow.getVersion("change-check-fraud", Workflow.DEFAULT_VERSION, 1) == 1) {',
    '      check();',
    '    }',
  ]);
});
