import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  checkOutBaseline,
  OrdersApplication,
  ordersWorkspace,
  type OrdersOptions,
} from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { inTier } from '../../testing/tiers.js';
import { reportProblems } from '../../testing/report-schema.js';
import { registerBuildIds } from '../../testing/version-sets.js';

/** The built action with a second checkout, on a real server. */

const ORDER = 'src/workflows/order.ts';
const RULES = '@acme/rules';

let server: Awaited<ReturnType<typeof ordersServer>>;
beforeAll(async () => {
  server = await ordersServer();
});
afterAll(() => server.stop());

interface Report {
  readonly verdict: { readonly kind: string; readonly reason: string };
  readonly baseline: { readonly commit: string } | null;
  readonly findings: readonly {
    readonly workflowType: string;
    readonly weight: { readonly kind: string };
    readonly executions: readonly unknown[];
    readonly proof?: { readonly diff: string; readonly failing: number };
    readonly baseline?: {
      readonly relation: string;
      readonly words: string;
      readonly location?: { readonly file: string; readonly line: number };
    };
  }[];
  readonly warnings: readonly string[];
}

interface Situation {
  readonly title?: string;
  /** What is under test. */
  readonly change?: OrdersOptions;
  /** A fix that is applied to it, as a unified diff. */
  readonly fix?: string;
  /** What it is made to; undefined: there is no second checkout. */
  readonly base?: OrdersOptions;
  readonly inputs?: Readonly<Record<string, string>>;
  /** What the lock files hold, where the baseline has no packages of its own. */
  readonly locked?: { readonly head: string; readonly base: string };
}

async function check({
  title = '[compatible-v1.0] Check orders for fraud',
  change = {},
  base,
  fix,
  inputs,
  locked,
}: Situation): Promise<CheckResult & { report: Report; path: string; baseCommit: string }> {
  const workspace = await ordersWorkspace(change);
  try {
    if (fix !== undefined) {
      execFileSync('git', ['apply', '-'], { cwd: workspace.path, input: `${fix}\n` });
    }
    const baseline =
      base === undefined ? undefined : await checkOutBaseline(workspace, '.baseline', base);
    if (locked !== undefined && baseline !== undefined) {
      rmSync(join(baseline.path, 'node_modules'));
      installWorkspace(workspace.path);
      writeFileSync(join(workspace.path, 'package-lock.json'), locked.head);
      writeFileSync(join(baseline.path, 'package-lock.json'), locked.base);
    }
    const result = await checkHere(workspace, {
      title,
      inputs: {
        address: server.address,
        'task-queue': server.taskQueue,
        'baseline-directory': '.baseline',
        ...inputs,
      },
    });
    expect(result.violations).toEqual([]);
    expect(result.leftBehind ?? []).toEqual([]);
    const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as Report;
    expect(reportProblems(report)).toEqual([]);
    if (locked !== undefined && baseline !== undefined) {
      expect(existsSync(join(baseline.path, 'node_modules'))).toBe(false);
    }
    return { ...result, report, path: workspace.path, baseCommit: baseline?.commit ?? '' };
  } finally {
    await workspace.remove();
  }
}

/** The order asks a package of the workspace what comes first. */
async function withRules(first: string, rules = RULES): Promise<OrdersOptions> {
  const workspace = await ordersWorkspace();
  const order = readFileSync(join(workspace.path, ORDER), 'utf8');
  await workspace.remove();
  return {
    files: {
      'packages/rules/package.json': JSON.stringify({ name: RULES, main: 'index.ts' }),
      'packages/rules/index.ts': `import { sleep } from '@temporalio/workflow';\nexport async function first() {\n  ${first}\n}\n`,
      [ORDER]: `import { first } from '${rules}';\n${order}`.replace(
        'await reserveStock(',
        'await first();\n    await reserveStock(',
      ),
    },
  };
}

/** Packages as a package manager leaves them in a workspace: its own ones are links. */
function installWorkspace(path: string): void {
  const into = join(path, 'node_modules');
  const packages = readlinkSync(into);
  rmSync(into);
  mkdirSync(into);
  for (const name of readdirSync(packages)) symlinkSync(join(packages, name), join(into, name));
  mkdirSync(dirname(join(into, RULES)), { recursive: true });
  symlinkSync(join(path, 'packages', 'rules'), join(into, RULES));
}

/** The line of a file of the example, as `options` leave it, on which a text stands. */
async function lineOf(options: OrdersOptions, file: string, text: string): Promise<number> {
  const workspace = await ordersWorkspace(options);
  const lines = readFileSync(join(workspace.path, file), 'utf8').split('\n');
  await workspace.remove();
  return lines.findIndex((line) => line.includes(text)) + 1;
}

const relations = (report: Report): Set<string | undefined> =>
  new Set(report.findings.map(({ baseline }) => baseline?.relation));

describe('what the baseline replays', () => {
  test('has a fix that is proven, and applied it breaks nothing any more', async () => {
    const change = { patch: 'incompatible' } as const;
    const { report, summary, annotations } = await check({ change, base: {} });
    const ours = report.findings.filter(({ baseline }) => baseline?.relation === 'introduced');
    expect(ours).toHaveLength(1);
    expect(annotations.length).toBeGreaterThan(0);
    const { proof, executions = [] } = ours[0] ?? {};
    expect(proof?.failing).toBe(executions.length);
    expect(proof?.diff).toMatch(/^\+ {4}if \(patched\('[a-z-]+'\)\) \{$/mu);
    expect(summary).toContain(`**Proven: ${executions.length} of ${executions.length} failing`);
    expect(summary).toContain('```diff\n--- a/src/workflows/order.ts');
    const after = await check({ change, base: {}, fix: proof?.diff ?? '' });
    expect(relations(after.report)).toEqual(new Set(['pre-existing']));
  });

  test('is introduced by the change: red, with the old line beside the new one', async () => {
    const result = await check({ change: { patch: 'incompatible' }, base: {} });
    expect(result.outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
    // The baseline is asked twice, of what breaks and of what drifts, and answers both.
    expect(result.report.warnings).toEqual([]);
    const oldLine = await lineOf({}, ORDER, 'await chargeCard(');
    const newLine = await lineOf({ patch: 'incompatible' }, ORDER, 'await checkFraud(');
    expect(oldLine).not.toBe(newLine);
    expect(result.report.findings[0]).toMatchObject({
      weight: { kind: 'decisive' },
      baseline: {
        relation: 'introduced',
        words: 'activity chargeCard',
        location: { file: ORDER, line: oldLine },
      },
    });
    // The base is v1.0, and executions of v2.1 broke on it before.
    expect(relations(result.report)).toEqual(new Set(['introduced', 'pre-existing']));
    expect(result.report.baseline).toMatchObject({ commit: result.baseCommit });
    expect(result.annotations[0]?.message).toContain('The baseline passes: this change breaks it');
    expect(result.summary).toMatch(/\| History \| Baseline \| This change \|/u);
    expect(result.summary).toContain(`/blob/${result.baseCommit}/${ORDER}#L${oldLine}`);
    expect(result.summary).toContain(`${ORDER}#L${newLine}`);
  });

  inTier('middle', 'a type that the baseline still had', () => {
    test('says which workflow type it still had', async () => {
      const result = await check({ change: { patch: 'type-renamed' }, base: {} });
      expect(result.outputs['verdict']).toBe('incompatible');
      const renamed = result.report.findings.filter(
        ({ workflowType }) => workflowType === 'reminder',
      );
      expect(renamed).toMatchObject([{ baseline: { relation: 'introduced', words: 'passes' } }]);
    });
  });
});

describe('a baseline without packages of its own', () => {
  const locked = { head: '{}', base: '{}' };

  test('is replayed with those of the code under test, and with its own packages of the workspace', async () => {
    const result = await check({
      change: await withRules("await sleep('1 second');"),
      base: await withRules(''),
      locked,
    });
    expect(result.report.warnings).toEqual([]);
    expect(result.report.findings[0]?.baseline).toMatchObject({
      relation: 'introduced',
      words: 'activity reserveStock',
    });
  });

  inTier('middle', 'another lock file, and code of the other side', () => {
    test('is not replayed where something else is locked, and the file is named', async () => {
      const result = await check({
        change: { patch: 'incompatible' },
        base: {},
        locked: { head: '{}', base: '{ }' },
      });
      expect(result.outputs['verdict']).toBe('incompatible');
      expect(result.report.warnings).toEqual([
        expect.stringContaining('package-lock.json differs'),
      ]);
      expect(relations(result.report)).toEqual(new Set([undefined]));
    });

    test('is refused where its bundle holds a file of the code under test', async () => {
      const change = await withRules("await sleep('1 second');");
      const base = await withRules('', '../../../packages/rules/index');
      const result = await check({ change, base, locked });
      expect(result.outputs['verdict']).toBe('incompatible');
      expect(result.report.warnings[0]).toEqual(
        expect.stringContaining('come from packages/rules/index.ts, which is the code under test'),
      );
      expect(relations(result.report)).toEqual(new Set([undefined]));
    });
  });
});

describe('what breaks on the baseline in the same way', () => {
  inTier('middle', 'what was broken before, beside what a change breaks', () => {
    test('is pre-existing, beside what the change breaks', async () => {
      const result = await check({
        change: { patch: ['incompatible', 'type-renamed'] },
        base: { patch: 'incompatible' },
      });
      expect(result.outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
      expect(
        result.report.findings.map(({ workflowType, weight, baseline }) => [
          workflowType,
          weight.kind,
          baseline?.relation,
        ]),
      ).toEqual(
        expect.arrayContaining([
          ['order', 'pre-existing', 'pre-existing'],
          ['reminder', 'decisive', 'introduced'],
        ]),
      );
      const [first, ...others] = result.annotations.map(({ level, title }) => [level, title]);
      expect(first).toEqual(['error', 'Running executions would be stuck']);
      expect(others).toContainEqual(['warning', 'Broken before this change']);
    });
  });

  test('and is all that breaks: inconclusive, because the set-up of the replay likely differs', async () => {
    const result = await check({
      title: '[compatible-v1.0] Rename a variable',
      change: { patch: ['incompatible', 'harmless'] },
      base: { patch: 'incompatible' },
    });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'setup-differs' });
    expect(result.annotations[0]?.message).toMatch(
      /replay set-up probably differs from the worker's: .* replay-options/u,
    );
  });

  inTier('middle', 'what was broken before, in closed executions', () => {
    test('in closed executions alone that weigh nothing is no more than a warning', async () => {
      const result = await check({
        change: { patch: ['incompatible', 'harmless'] },
        base: { patch: 'incompatible' },
        inputs: { query: 'ExecutionStatus != "Running"' },
      });
      expect(result.exitCode).toBe(0);
      expect(result.outputs).toMatchObject({ verdict: 'compatible', reason: 'historical-finding' });
      expect(relations(result.report)).toEqual(new Set(['pre-existing']));
    });
  });
});

inTier('middle', 'a replay set-up that differs, and baselines that tell nothing', () => {
  describe('a worker with an interceptor that the replay does not have', () => {
    const interceptor = `
    import { sleep, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
    export const interceptors: WorkflowInterceptorsFactory = () => ({
      inbound: [{ async execute(input, next) { await sleep(1); return next(input); } }],
    });`;
    const replayOptions = `
    export default {
      interceptors: { workflowModules: [require.resolve('./interceptors.ts')] },
    };`;
    const taskQueue = 'orders-intercepted';

    beforeAll(async () => {
      const worker = readFileSync(
        join(import.meta.dirname, '../../examples/orders-typescript/src/worker.ts'),
        'utf8',
      ).replace(
        'dataConverter: dataConverter(),',
        "dataConverter: dataConverter(), interceptors: { workflowModules: [require.resolve('./interceptors')] },",
      );
      const application = await OrdersApplication.compile({
        files: { 'src/worker.ts': worker, 'src/interceptors.ts': interceptor },
      });
      await registerBuildIds(server, taskQueue, [
        { operation: 'addNewIdInNewDefaultSet', buildId: 'i1' },
      ]);
      await application.runExecutions({ server, taskQueue, buildId: 'i1' }, 1);
      await application.remove();
    });

    const situation = (
      files: Readonly<Record<string, string>>,
      more: Record<string, string> = {},
    ) => ({
      title: '[compatible-i1] Rename a variable',
      change: { patch: 'harmless' as const, files },
      base: { files },
      inputs: { 'task-queue': taskQueue, ...more },
    });

    test('makes everything break on both lines: the set-up differs, and it says what to set', async () => {
      const result = await check(situation({}));
      expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'setup-differs' });
      expect(result.annotations[0]?.message).toContain('replay-options');
    });

    test('is green once replay-options has it', async () => {
      const files = { 'src/interceptors.ts': interceptor, 'src/gate-options.ts': replayOptions };
      const result = await check(situation(files, { 'replay-options': 'src/gate-options.ts' }));
      expect(result.outputs).toMatchObject({ verdict: 'compatible', reason: 'all-replayed' });
    });
  });

  describe('a baseline that tells nothing leaves the red as it is', () => {
    test.each<[string, Situation, RegExp]>([
      ['that was never checked out', {}, /does not exist: check out the base commit there/u],
      [
        'that is the code under test',
        { base: { patch: 'incompatible' } },
        /which is the code under test/u,
      ],
      [
        'that cannot be bundled',
        { base: { files: { 'src/workflows/index.ts': "export * from './nowhere';" } } },
        /The baseline could not be replayed/u,
      ],
    ])('%s', async (_, situation, warning) => {
      const result = await check({ change: { patch: 'incompatible' }, ...situation });
      expect(result.exitCode).toBe(1);
      expect(result.outputs['verdict']).toBe('incompatible');
      expect(result.report.warnings.join(' ')).toMatch(warning);
    });
  });
});
