import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { type Failure } from '../../src/diagnosis/failure.js';
import { resemblanceOf } from '../../src/diagnosis/signature.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import type { Cause } from '../../src/model/cause.js';
import { isBreak } from '../../src/model/outcome.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { projectRoot } from '../../testing/project-root.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { readFixtures, type Fixture } from '../fixtures/histories.js';
import { TypeScriptReplayer } from '../replayers/typescript-replayer.js';
import { temporalReader } from '../../src/temporal/reader.js';

type Change = readonly [from: string, to: string];

/** A mistake, and the code after its author has done what the finding says. */
interface Mistake {
  readonly cause: Cause;
  readonly workflowType: 'order' | 'summary' | 'fulfilment' | 'account';
  readonly edit: readonly Change[];
  readonly remedied: readonly Change[];
  /** What of the remedy's text is a call that the remedied code makes as it stands. */
  readonly suggested?: RegExp;
}

const AUDIT: Change = ['const { reserve, notify,', 'const { audit, reserve, notify,'];
const TOLD = `  await notify('reserved');\n`;
const CHECK = `  if (patched('check-fraud')) {\n    await checkFraud(input.orderId);\n  }\n`;
const APPROVAL = `  setHandler(approve, (by) => {\n    approvedBy = by;\n  });\n`;
const FIRST = `await Promise.all([
    count(\`orders of \${input.summaryId}\`),
    store(\`refunds of \${input.summaryId}\`),
  ]);`;
const SWAPPED = `await Promise.all([
    store(\`refunds of \${input.summaryId}\`),
    count(\`orders of \${input.summaryId}\`),
  ]);`;
const PATCHED: Change = ['import {', 'import { patched,'];

const MISTAKES: readonly Mistake[] = [
  {
    cause: 'command-added',
    workflowType: 'order',
    edit: [AUDIT, [TOLD, `  await audit('a');\n${TOLD}`]],
    remedied: [AUDIT, [TOLD, `  if (patched('change-audit')) { await audit('a'); }\n${TOLD}`]],
    suggested: /patched\('change-audit'\)/u,
  },
  {
    cause: 'command-removed',
    workflowType: 'order',
    edit: [[TOLD, '']],
    remedied: [[TOLD, `  if (!patched('change-notify')) {\n${TOLD}  }\n`]],
    suggested: /!patched\('change-notify'\)/u,
  },
  {
    cause: 'command-replaced',
    workflowType: 'order',
    edit: [AUDIT, [TOLD, `  await audit('a');\n`]],
    remedied: [
      AUDIT,
      [TOLD, `  if (patched('change-audit')) { await audit('a'); } else {\n${TOLD}  }\n`],
    ],
    suggested: /patched\('change-audit'\)/u,
  },
  {
    cause: 'commands-reordered',
    workflowType: 'summary',
    edit: [[`const [orders, refunds] = ${FIRST}`, `const [refunds, orders] = ${SWAPPED}`]],
    remedied: [
      PATCHED,
      [
        `const [orders, refunds] = ${FIRST}`,
        `let orders, refunds;\n  if (patched('change-store')) {\n    [refunds, orders] = ${SWAPPED}\n  } else {\n    [orders, refunds] = ${FIRST}\n  }`,
      ],
    ],
    suggested: /patched\('change-store'\)/u,
  },
  {
    cause: 'command-moved',
    workflowType: 'order',
    edit: [
      ['  await condition(() => paid >= input.amount);\n', ''],
      [`() => approvedBy !== ''`, `() => approvedBy !== '' && paid >= input.amount`],
    ],
    remedied: [
      [
        `  await condition(() => approvedBy !== '');`,
        `  const inAdvance = patched('change-check-fraud');\n  await condition(() => approvedBy !== '' && (!inAdvance || paid >= input.amount));`,
      ],
    ],
    suggested: /patched\('change-check-fraud'\)/u,
  },
  {
    cause: 'identifier-differs',
    workflowType: 'fulfilment',
    edit: [['${workflowId}-parcel', '${workflowId}-box']],
    remedied: [],
  },
  {
    cause: 'workflow-ends-earlier',
    workflowType: 'order',
    edit: [['  await sleep(30);', `  if (input.amount > 0) return 'done';\n  await sleep(30);`]],
    remedied: [
      [
        '  await sleep(30);',
        `  if (patched('change-completion')) return 'done';\n  await sleep(30);`,
      ],
    ],
    suggested: /patched\('change-[\w-]*completion'\)/u,
  },
  {
    cause: 'patch-removed',
    workflowType: 'order',
    edit: [[CHECK, '  await checkFraud(input.orderId);\n']],
    remedied: [
      ['import {', 'import { deprecatePatch,'],
      [CHECK, `  deprecatePatch('check-fraud');\n  await checkFraud(input.orderId);\n`],
    ],
    suggested: /deprecatePatch\('check-fraud'\)/u,
  },
  {
    cause: 'patch-renamed',
    workflowType: 'order',
    edit: [[`patched('check-fraud')`, `patched('check-for-fraud')`]],
    remedied: [],
    suggested: /patched\('check-fraud'\)/u,
  },
  {
    cause: 'patch-deprecated-early',
    workflowType: 'order',
    edit: [
      AUDIT,
      ['import {', 'import { deprecatePatch,'],
      [TOLD, `  deprecatePatch('audit');\n  await audit('a');\n`],
    ],
    remedied: [AUDIT, [TOLD, `  if (patched('audit')) { await audit('a'); } else {\n${TOLD}  }\n`]],
    suggested: /ask for the patch and put the old branch back/u,
  },
  {
    cause: 'signal-handler-missing',
    workflowType: 'order',
    edit: [[`defineSignal<[string]>('approve')`, `defineSignal<[string]>('confirm')`]],
    remedied: [
      [
        APPROVAL,
        `${APPROVAL}  setHandler(defineSignal<[string]>('confirm'), (by) => {\n    approvedBy = by;\n  });\n`,
      ],
    ],
  },
  {
    cause: 'update-handler-missing',
    workflowType: 'account',
    edit: [
      [
        `defineUpdate<string, [string]>('changeOwner')`,
        `defineUpdate<string, [string]>('setOwner')`,
      ],
    ],
    remedied: [
      [
        '  setHandler(close,',
        `  setHandler(defineUpdate<string, [string]>('setOwner'), (name) => {\n    owner = name;\n    return owner;\n  });\n  setHandler(close,`,
      ],
    ],
  },
  {
    cause: 'workflow-threw',
    workflowType: 'order',
    edit: [
      [
        '  await sleep(30);',
        `  if (input.amount < 20) throw new Error('small');\n  await sleep(30);`,
      ],
    ],
    remedied: [
      [
        '  await sleep(30);',
        `  if (input.amount < 0) throw new Error('small');\n  await sleep(30);`,
      ],
    ],
  },
];

/** All code in one bundle: each history is asked for under the name that its variant is exported by. */
const workspace = new WorkspaceFolder();
const histories = new Map<string, Fixture>();
let replayer: TypeScriptReplayer | undefined;

beforeAll(async () => {
  symlinkSync(join(projectRoot, 'node_modules'), workspace.at('node_modules'), 'dir');
  for (const history of readFixtures('corpus-1.24.0')) histories.set(history.name, history);
  const exported = MISTAKES.flatMap((mistake, index) =>
    (['edit', 'remedied'] as const).map((kind) => {
      const { workflowType } = mistake;
      const name = variantName(index, kind);
      workspace.file(`src/${name}.ts`, applied(workflowType, mistake[kind]));
      return `export { ${workflowType} as ${name} } from './${name}';`;
    }),
  );
  workspace.file('src/workflows.ts', exported.join('\n'));
  replayer = await TypeScriptReplayer.start(workspace.path, { workflows: 'src/workflows.ts' });
});

/** Each replays two histories at most; the first that is recorded waits for a second bundle. */
const PATIENCE_MS = 120_000;

afterAll(async () => {
  await replayer?.stop();
  workspace.remove();
});

function variantName(index: number, kind: 'edit' | 'remedied'): string {
  return `${kind}${index}`;
}

function applied(workflowType: string, changes: readonly Change[]): string {
  const corpus = join(projectRoot, 'bench', 'diagnosis', 'corpus');
  let text = readFileSync(join(corpus, `${workflowType}.ts`), 'utf8');
  for (const [from, to] of changes) {
    if (text.split(from).length !== 2) throw new Error(`not there exactly once: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

function replay(history: Fixture, record = false): Promise<ResultMessage> {
  if (replayer === undefined) throw new Error('there is no replayer');
  return replayer.replay(history, record);
}

function historyFor(workflowType: string, name: string): Fixture {
  const fixture = histories.get(workflowType);
  if (fixture === undefined) throw new Error(`there is no history of ${workflowType}`);
  const events = fixture.events.map((event): IHistoryEvent => {
    const started = event.workflowExecutionStartedEventAttributes;
    return started == null
      ? event
      : {
          ...event,
          workflowExecutionStartedEventAttributes: { ...started, workflowType: { name } },
        };
  });
  const execution = { ...fixture.read.execution, workflowType: name };
  return { ...fixture, events, read: { kind: 'read', execution, history: prepareEvents(events) } };
}

describe.each(MISTAKES.map((mistake, index) => ({ ...mistake, index })))(
  '$cause',
  ({ cause, workflowType, index, suggested }) => {
    test(
      'is what the finding says, with what to do',
      async () => {
        const history = historyFor(workflowType, variantName(index, 'edit'));
        const result = await replay(history);
        const { outcome: kind, message } = result;
        if (!isBreak({ kind }) || (kind !== 'nondeterministic' && kind !== 'task-failed')) {
          throw new Error(`it is ${kind}`);
        }
        const { execution } = history.read;
        const outcome = { execution, kind, ...(message === undefined ? {} : { message }) };
        const failure: Failure = {
          outcome,
          result,
          ...resemblanceOf(outcome, history.read.history.bytes, temporalReader),
          ...(kind === 'nondeterministic'
            ? {
                recorded: {
                  history: history.read.history.bytes,
                  result: await replay(history, true),
                },
              }
            : {}),
        };
        const [finding] = diagnose([failure], { workspace: workspace.path }, temporalReader);
        expect(finding?.cause).toBe(cause);
        if (suggested !== undefined) expect(finding?.remedy).toMatch(suggested);
      },
      PATIENCE_MS,
    );

    test('replays once that is done', async () => {
      const history = historyFor(workflowType, variantName(index, 'remedied'));
      expect(await replay(history)).toMatchObject({ outcome: 'passed' });
    });
  },
);
