/**
 * Records the Event Histories of the Python applications under `__tests__/fixtures/histories/`:
 * `npx tsx testing/python-record-fixtures.ts [SET…]`, all sets by default. As `record-fixtures.ts` does it
 * for the others, each set is one run against a dev server.
 */
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project-root.js';
import { pythonOrdersApplication } from './python-orders.js';
import { findPythonSdk, NEWEST_PYTHON_SDK, OLDEST_PYTHON_SDK } from './python-sdk.js';
import { runCommand } from './run-command.js';
import { findTemporalCli } from './temporal-binary.js';
import { startDevServer, type RunningServer } from './temporal-server.js';
import { required } from './toolchain.js';

interface Recorded {
  readonly name: string;
  readonly workflowId: string;
  readonly runId?: string;
}

type Record = (server: RunningServer) => Promise<readonly Recorded[]>;

const SETS: Readonly<{ [set: string]: Record }> = {
  [`python-orders-${NEWEST_PYTHON_SDK}`]: (server) =>
    recordOrders(server, {}, [
      ...['order-waiting-for-approval', 'order-address-changed', 'order-charging'],
      ...['order-approved', 'order-cancelled', 'order-failed'],
      ...['shipment-completed', 'account-continued', 'reminder-sleeping'],
    ]),
  [`python-orders-compressed-${NEWEST_PYTHON_SDK}`]: (server) =>
    recordOrders(server, { COMPRESS: '1' }, ['order-address-changed']),
  [`python-commands-${NEWEST_PYTHON_SDK}`]: (server) => recordCommands(server, NEWEST_PYTHON_SDK),
  [`python-commands-${OLDEST_PYTHON_SDK}`]: (server) => recordCommands(server, OLDEST_PYTHON_SDK),
};

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  for (const [set, record] of Object.entries(SETS)) {
    if (wanted.length > 0 && !wanted.includes(set)) continue;
    const server = await startDevServer({ searchAttributes: { Customer: 'KeywordList' } });
    const connection = await Connection.connect({ address: server.address });
    try {
      const client = new Client({ connection, namespace: server.namespace });
      const folder = join(projectRoot, '__tests__', 'fixtures', 'histories', set);
      const recorded = await record(server);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      for (const { name, workflowId, runId } of recorded) {
        const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
        await writeFile(join(folder, `${name}.json`), historyText(historyToJSON(history)));
      }
      console.log(`${set}: ${recorded.length} histories`);
    } finally {
      await connection.close();
      await server.stop();
    }
  }
}

/** Which process did it, and how the server filed it: replay never reads it. */
const LEFT_OUT = new Set(['identity', 'requestId', 'taskId', 'historySizeBytes', 'stackTrace']);

/** One event a line. */
function historyText(json: string): string {
  const { events } = JSON.parse(json) as { events: object[] };
  const lines = events.map((event) =>
    JSON.stringify(event, (name, value: unknown) => (LEFT_OUT.has(name) ? undefined : value)),
  );
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

async function recordOrders(
  server: RunningServer,
  environment: Readonly<{ [name: string]: string }>,
  states: readonly string[],
): Promise<readonly Recorded[]> {
  const application = await pythonOrdersApplication();
  const started = await application.runExecutions(
    { server, taskQueue: 'orders', environment },
    1,
    states.map((state) => state.replace('shipment', 'order')).filter(unique),
  );
  await application.remove();
  return states.map((name) => {
    // A shipment is a child of the order of its name.
    const order = started.find(({ state }) => state === name.replace('shipment', 'order'));
    if (order === undefined) throw new Error(`there is no execution of the state ${name}`);
    return name.startsWith('shipment')
      ? { name, workflowId: `${order.workflowId}-shipment` }
      : { name, workflowId: order.workflowId, runId: order.runId };
  });
}

function unique<T>(value: T, index: number, all: readonly T[]): boolean {
  return all.indexOf(value) === index;
}

async function recordCommands(
  server: RunningServer,
  version: string,
): Promise<readonly Recorded[]> {
  const { python } = required(await findPythonSdk(version, console.log));
  const { address, namespace } = server;
  const only = version === OLDEST_PYTHON_SDK ? ['basics'] : [];
  if (only.length === 0) {
    const { path } = required(await findTemporalCli());
    await runCommand(path, [
      ...['operator', 'nexus', 'endpoint', 'create', '--address', address],
      ...['--name', 'doubling', '--target-namespace', namespace],
      ...['--target-task-queue', 'commands'],
    ]);
  }
  const { stdout } = await runCommand(python, ['record.py', ...only], {
    cwd: join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands-python'),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/',
      PYTHONDONTWRITEBYTECODE: '1',
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
    },
    timeoutMs: 120_000,
  });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Recorded);
}

await main();
