/** @tier middle */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { OrdersPatch } from '../../testing/orders-application.js';
import { fillWithOrdersIn, ORDERS } from '../../testing/orders-languages.js';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { reportProblems } from '../../testing/report-schema.js';
import { startDevServer, type RunningServer } from '../../testing/temporal-server.js';
import { skipUnless } from '../../testing/skip-unless.js';

/** The built action on applications in other languages, with executions of their own real workers. */

const TITLE = '[compatible-v1.0] Check orders for fraud';

// One of its own: other tests ask for all queues of v1.0, and would find those of other languages.
let server: RunningServer;
beforeAll(async () => {
  server = await startDevServer();
});
afterAll(() => server.stop());

interface Report {
  readonly replayer: { readonly language: string };
  readonly warnings: readonly string[];
  readonly findings: readonly {
    readonly cause: string;
    readonly remedy: string;
    readonly workflowType: string;
    readonly weight: { readonly kind: string };
    readonly divergence: { readonly location?: { readonly file: string; readonly line: number } };
    readonly baseline?: {
      readonly relation: string;
      readonly location?: { readonly file: string; readonly line: number };
    };
  }[];
}

for (const language of ['python', 'go', 'java'] as const) {
  const orders = ORDERS[language];
  const found = await orders.find();
  skipUnless(found).describe(`workflows in ${language}`, () => {
    const taskQueue = `orders-${language}`;
    beforeAll(async () => {
      await fillWithOrdersIn(orders, server, taskQueue);
    });

    async function check(
      patch: OrdersPatch | undefined,
      options: {
        base?: OrdersPatch | 'none';
        /** More of the baseline. */
        baseFiles?: Readonly<Record<string, string>>;
        inputs?: Readonly<Record<string, string>>;
        prepare?: (path: string) => void;
      } = {},
    ): Promise<CheckResult & { report: Report; lineOf: (text: RegExp) => number }> {
      const workspace = await orders.workspace(patch === undefined ? {} : { patch });
      try {
        if (options.base !== undefined) {
          const { base } = options;
          const other = await orders.workspace({
            ...(base === 'none' ? {} : { patch: base }),
            // Another commit, also where the code is the same.
            files: { 'BASE.md': 'The baseline', ...options.baseFiles },
          });
          await rename(other.path, join(workspace.path, '.baseline'));
        }
        options.prepare?.(workspace.path);
        const result = await checkHere(workspace, {
          title: TITLE,
          env: await orders.environment(),
          inputs: {
            address: server.address,
            'task-queue': taskQueue,
            ...(options.base === undefined ? {} : { 'baseline-directory': '.baseline' }),
            ...options.inputs,
          },
        });
        expect([result.violations, result.leftBehind ?? []]).toEqual([[], []]);
        const source = readFileSync(join(workspace.path, orders.orderFile), 'utf8');
        return {
          ...result,
          report: reportOf(result),
          lineOf: (text) => source.slice(0, source.search(text)).split('\n').length,
        };
      } finally {
        await workspace.remove();
      }
    }

    function reportOf({ outputs, log }: CheckResult): Report {
      const path = outputs['report'];
      if (path === undefined) throw new Error(`there is no report: ${log.join('\n')}`);
      const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
      expect(reportProblems(report)).toEqual([]);
      return report;
    }

    test('a compatible change is green, and every execution was replayed', async () => {
      const { outputs, exitCode, report, log } = await check('compatible');
      expect(outputs).toMatchObject({
        verdict: 'compatible',
        reason: 'all-replayed',
        errored: '0',
        skipped: '0',
      });
      expect(outputs['passed']).toBe(outputs['matched']);
      expect(Number(outputs['passed'])).toBeGreaterThan(10);
      expect(exitCode).toBe(0);
      expect(report.replayer.language).toBe(language);
      expect(log.join('\n')).toContain(`The language of the code is ${language}: `);
    });

    test('an incompatible one is red at the line, with its cause and a remedy in the language', async () => {
      const { outputs, exitCode, report, annotations, lineOf } = await check('incompatible', {
        base: 'none',
      });
      expect([outputs['verdict'], exitCode]).toEqual(['incompatible', 1]);
      expect(report.warnings).toEqual([]);
      // Executions of v1.0 lack the patch of v2.1, and those of v2.1 have it.
      expect(report.findings.map(({ cause }) => cause).sort()).toEqual(orders.causes);
      const added = report.findings.find(({ cause }) => cause === 'command-added');
      expect(added).toMatchObject({
        workflowType: 'order',
        weight: { kind: 'decisive' },
        remedy: expect.stringContaining(orders.guard),
        divergence: { location: { file: orders.orderFile, line: lineOf(orders.added) } },
        baseline: { relation: 'introduced' },
      });
      expect(annotations).toContainEqual(
        expect.objectContaining({
          level: 'error',
          file: orders.orderFile,
          line: lineOf(orders.added),
        }),
      );
    });

    test('what the baseline breaks too is not held against the change', async () => {
      const { outputs, report } = await check('incompatible', { base: 'incompatible' });
      expect(outputs['verdict']).toBe('inconclusive');
      expect(report.findings[0]).toMatchObject({
        cause: 'setup-differs',
        baseline: { relation: 'pre-existing' },
      });
    });

    const { linked } = orders;
    if (linked !== undefined) {
      test('a baseline that is the code under test again is not used', async () => {
        const { outputs, annotations } = await check('incompatible', {
          base: 'none',
          prepare: (path) => linkSources(path, orders.orderFile),
        });
        expect(outputs['verdict']).toBe('incompatible');
        const said = annotations.map(({ message }) => message).join('\n');
        expect(said).toMatch(/baseline could not be replayed/u);
        expect(said).toMatch(linked);
      });
    }

    if (language === 'python') {
      test('a baseline that locks something else is not replayed in the environment of the change', async () => {
        const { outputs, annotations } = await check('incompatible', {
          base: 'none',
          baseFiles: { 'requirements.txt': 'temporalio==1.0.0\n' },
        });
        expect(outputs['verdict']).toBe('incompatible');
        const said = annotations.map(({ message }) => message).join('\n');
        expect(said).toMatch(/has no Python environment of its own.*requirements\.txt differs/u);
      });
    }

    test('a type that is gone is red, and named', async () => {
      const { outputs, report } = await check('type-renamed');
      expect(outputs['verdict']).toBe('incompatible');
      // The patch of v2.1 is missing too.
      expect(report.findings.map(({ cause, workflowType }) => [workflowType, cause])).toEqual(
        expect.arrayContaining([
          ['reminder', 'workflow-type-missing'],
          ['order', 'patch-removed'],
        ]),
      );
    });

    test('code that throws is red where it throws, also with the language named', async () => {
      const { outputs, report, lineOf } = await check('throws', { inputs: { language } });
      expect(outputs['verdict']).toBe('incompatible');
      const finding = report.findings.find(({ cause }) => cause === 'workflow-threw');
      expect(finding?.workflowType).toBe('order');
      expect(finding?.divergence.location).toMatchObject({
        file: orders.orderFile,
        line: lineOf(orders.throwing),
      });
    });

    test('a wrong language is an error that says so', async () => {
      const wrong = await check('compatible', { inputs: { language: 'typescript' } });
      expect([wrong.outputs['verdict'], wrong.exitCode]).toEqual(['inconclusive', 1]);
      expect(wrong.annotations[0]?.message).toMatch(/@temporalio\/worker is not installed/u);
    });
  });
}

/** The baseline's folder holds a link to the sources that are under test. */
function linkSources(path: string, orderFile: string): void {
  const [folder = ''] = orderFile.split('/');
  rmSync(join(path, '.baseline', folder), { recursive: true });
  symlinkSync(join(path, folder), join(path, '.baseline', folder));
}
