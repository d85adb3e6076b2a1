import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere } from '../../testing/pull-request-check.js';
import { reportProblems } from '../../testing/report-schema.js';
import { reaches } from '../../testing/tiers.js';

/** Code under test that puts the IDs into everything that it says. */
const TALKATIVE = `
import { log, workflowInfo } from '@temporalio/workflow';
export async function order(): Promise<void> {
  const { workflowId, runId } = workflowInfo();
  log.error(\`about \${workflowId}\`);
  throw new Error(\`cannot go on with \${workflowId} (\${runId}) nor \${workflowId}-shipment\`);
}
`;

let server: Awaited<ReturnType<typeof ordersServer>>;
beforeAll(async () => {
  server = await ordersServer();
});
afterAll(() => server.stop());

// The event's repository is public.
const SETTINGS = [['', false]] as const;
const MORE = [
  ['true', true],
  ['hash', false],
  ['false', false],
] as const;

test.each<readonly ['' | 'true' | 'hash' | 'false', boolean]>(
  reaches('middle') ? [...SETTINGS, ...MORE] : SETTINGS,
)('show-workflow-ids "%s" holds for everything that is shown', async (show, isShown) => {
  const workspace = await ordersWorkspace({
    files: { 'src/workflows/order.ts': TALKATIVE },
  });
  const result = await checkHere(workspace, {
    title: '[compatible-v1.0] Say more',
    inputs: {
      address: server.address,
      'task-queue': server.taskQueue,
      reports: 'report.json',
      ...(show === '' ? {} : { 'show-workflow-ids': show }),
    },
  });
  const reports = [
    readFileSync(result.outputs['report'] ?? '', 'utf8'),
    readFileSync(`${workspace.path}/report.json`, 'utf8'),
  ];
  await workspace.remove();
  expect(result.outputs).toMatchObject({ verdict: 'incompatible' });
  for (const report of reports) expect(reportProblems(JSON.parse(report))).toEqual([]);

  const shown: Record<string, string> = {
    log: result.stdout + result.stderr,
    annotations: JSON.stringify(result.annotations),
    summary: result.summary.replaceAll('&#45;', '-'),
    outputs: JSON.stringify(result.outputs),
    'JSON report': reports.join('\n'),
  };
  const ids = server.started.flatMap(({ workflowId, runId }) => [workflowId, runId]);
  for (const [place, text] of Object.entries(shown)) {
    const found = ids.filter((id) => text.includes(id));
    if (isShown) expect([place, found.length > 0]).toEqual([place, true]);
    else expect([place, found]).toEqual([place, []]);
  }
  const messages = result.annotations.map(({ message }) => message).join('\n');
  if (show === 'hash') expect(messages).toMatch(/#[0-9a-f]{12}/u);
  if (show === 'false') expect(messages).not.toMatch(/#[0-9a-f]{12}/u);
});
