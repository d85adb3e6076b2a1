import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionGroup } from '../../src/model/execution.js';
import type { AutoChoice, WorkerDeploymentTarget } from '../../src/model/target.js';
import { renderJsonReport } from '../../src/report/json-report.js';
import { autoWords, targetWords } from '../../src/report/target-words.js';
import { renderSummary } from '../../src/report/summary.js';
import { expectGolden } from '../builders/golden.js';
import { outcomesFor } from '../builders/outcomes.js';
import { aReport, namedExecutions } from '../builders/reports.js';
import { temporalReader } from '../../src/temporal/reader.js';

const of = (group: ExecutionGroup) => ({ group, query: `the query of ${group}` });

function aDeployment(changes: Partial<WorkerDeploymentTarget> = {}): WorkerDeploymentTarget {
  return {
    kind: 'worker-deployment',
    address: 'localhost:7233',
    namespace: 'default',
    buildId: 'b1',
    deploymentName: 'orders',
    current: 'b2',
    ramping: { buildId: 'b3', percentage: 25 },
    versions: [{ buildId: 'b3' }, { buildId: 'b2' }, { buildId: 'b1', drainage: 'draining' }],
    taskQueues: ['orders'],
    liveBuildIds: ['b2', 'b3', 'b1'],
    groups: [of('auto-upgrade'), of('no-behavior'), of('pinned'), of('closed')],
    auto: 'both-found',
    ...changes,
  };
}

const listed = [
  ...namedExecutions('order', 2, { group: 'auto-upgrade', buildIds: ['b2'] }),
  ...namedExecutions('pinned-order', 3, { group: 'pinned', buildIds: ['b1'] }),
  ...namedExecutions('old-order', 1, { group: 'closed', status: 'Completed', buildIds: ['b2'] }),
];
const report = aReport({
  claim: { kind: 'claimed', buildId: 'b1', from: 'build-id' },
  target: aDeployment(),
  listed,
  outcomes: outcomesFor(listed, 'passed'),
});

test('the job summary counts each group apart, the empty one too', () => {
  expectGolden(
    'summary/worker-deployment.md',
    renderSummary(report, { showWorkflowIds: 'hash', blobUrl: undefined }),
  );
});

describe('the JSON report', () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../docs/report.schema.json'), 'utf8'),
  ) as object;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);

  const query = { address: 'a:1', namespace: 'n', buildId: 'b1', query: 'A = 1' };
  test.each([
    ['a Worker Deployment', aDeployment()],
    ['one without a current version', withoutRouting()],
    ['a build ID', { kind: 'build-id', ...query } as const],
    ['a query', { kind: 'query', ...query } as const],
  ])('of %s is what the schema describes', (_, target) => {
    validate(JSON.parse(renderJsonReport({ ...report, target }, 'true', temporalReader)));
    expect(validate.errors).toBeNull();
  });
});

function withoutRouting(): WorkerDeploymentTarget {
  const { current: _, ramping: __, auto: ___, ...rest } = aDeployment();
  return { ...rest, taskQueues: [], versions: [], liveBuildIds: [] };
}

test('a target with many versions and queues is told in a bounded line', () => {
  const many = Array.from({ length: 100 }, (_, index) => `b${index}`);
  const target = aDeployment({
    versions: many.map((buildId) => ({ buildId, drainage: 'draining' })),
    taskQueues: many,
  });
  expect(targetWords(target).length).toBeLessThan(300);
  expect(targetWords(target)).toMatch(/and 90 more/u);
  expect(targetWords(withoutRouting())).toMatch(/current none, task queues none/u);
});

test.each<AutoChoice>(['deployment-named', 'deployment-found', 'version-set-found', 'both-found'])(
  'what auto took is told with its reason: %s',
  (auto) => {
    expect(autoWords({ ...aDeployment(), auto })).toMatch(/^auto took the .*, because/u);
    expect(autoWords(withoutRouting())).toBeUndefined();
  },
);
