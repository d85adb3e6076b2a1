/**
 * Records the Event Histories under `__tests__/fixtures/histories/`, so that tests can replay real ones
 * without a server: `npx tsx testing/record-fixtures.ts [SET…]`, all sets by default.
 *
 * Each set is one run of an application with one release of the SDK against a dev server. A file holds
 * what `temporal workflow show --output json` writes, one event a line. Names of machines and of
 * temporary folders are replaced, the hash in a build's ID is shortened, and nothing else.
 */
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  COMMANDS_NAMESPACE,
  COMMANDS_TASK_QUEUE,
  commandsScenarios,
} from '../__tests__/fixtures/applications/commands/scenarios.js';
import { OrdersApplication } from './orders-application.js';
import { startProcess, type OwnedProcess } from './processes.js';
import { projectRoot } from './project-root.js';
import { findSdk } from './sdk.js';
import { startDevServer, type RunningServer } from './temporal-server.js';
import { required } from './toolchain.js';
import { makeWorkspace } from './workspace.js';

/** The release in the project's own `node_modules`. */
const NEWEST = '1.24.0';

interface Recorded {
  readonly name: string;
  readonly workflowId: string;
  readonly runId?: string;
}

type Record = (server: RunningServer, client: Client) => Promise<readonly Recorded[]>;

const SETS: Readonly<{ [set: string]: Record }> = {
  [`orders-${NEWEST}`]: (server) => recordOrders(server, {}),
  [`orders-encrypted-${NEWEST}`]: async (server) => {
    const recorded = await recordOrders(server, { ENCRYPT: '1' });
    return recorded.filter(({ name }) => ENCRYPTED_STATES.includes(name));
  },
  [`commands-${NEWEST}`]: (server, client) => recordCommands(server, client, NEWEST),
  'commands-1.13.2': (server, client) => recordCommands(server, client, '1.13.2'),
  'commands-1.8.0': (server, client) => recordCommands(server, client, '1.8.0'),
};

/** One of each workflow type shows what a codec can break. */
const ENCRYPTED_STATES = ['order-waiting-for-approval', 'order-approved', 'reminder-completed'];

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const folder = join(projectRoot, '__tests__', 'fixtures', 'histories');
  for (const [set, record] of Object.entries(SETS)) {
    if (wanted.length > 0 && !wanted.includes(set)) continue;
    const server = await startDevServer({
      namespace: COMMANDS_NAMESPACE,
      searchAttributes: { Customer: 'KeywordList' },
    });
    const connection = await Connection.connect({ address: server.address });
    try {
      const client = new Client({ connection, namespace: server.namespace });
      const recorded = await record(server, client);
      await rm(join(folder, set), { recursive: true, force: true });
      await mkdir(join(folder, set), { recursive: true });
      let size = 0;
      for (const { name, workflowId, runId } of recorded) {
        const text = await historyText(client.workflow.getHandle(workflowId, runId));
        size += text.length;
        await writeFile(join(folder, set, `${name}.json`), text);
      }
      console.log(`${set}: ${recorded.length} histories, ${Math.ceil(size / 1000)} kB`);
    } finally {
      await connection.close();
      await server.stop();
    }
  }
}

async function historyText(handle: WorkflowHandle): Promise<string> {
  const { events } = JSON.parse(historyToJSON(await handle.fetchHistory())) as {
    events: object[];
  };
  const lines = events.map((event) =>
    JSON.stringify(event)
      .replaceAll(new RegExp(`\\d+@${hostname()}`, 'gu'), '1@worker.example')
      .replaceAll(/[^\s"(]*\/(?:workspace-\w+|(?=node_modules\/))\/?/gu, '/application/')
      // The bundle's hash, which unversioned workers call their build.
      .replaceAll(/(@temporalio\/worker@[\d.]+\+[0-9a-f]{8})[0-9a-f]{56}/gu, '$1'),
  );
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

async function recordOrders(
  server: RunningServer,
  environment: Readonly<{ [name: string]: string }>,
): Promise<readonly Recorded[]> {
  const application = await OrdersApplication.compile();
  const started = await application.runExecutions({ server, taskQueue: 'orders', environment }, 1);
  await application.remove();
  const withShipment = new Set(['order-in-transit', 'order-completed', 'order-cancelled']);
  return started.flatMap(({ state, workflowId, runId }) => [
    { name: state, workflowId, runId },
    ...(withShipment.has(state)
      ? [{ name: state.replace('order', 'shipment'), workflowId: `${workflowId}-shipment` }]
      : []),
  ]);
}

async function recordCommands(
  server: RunningServer,
  client: Client,
  version: string,
): Promise<readonly Recorded[]> {
  const hasUpdates = !version.startsWith('1.8.');
  const workspace = await makeWorkspace({
    from: join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands'),
    nodeModules:
      version === NEWEST
        ? join(projectRoot, 'node_modules')
        : required(await findSdk(version, console.log)).nodeModules,
  });
  const worker = await startCommandsWorker(server, workspace.application, hasUpdates);
  try {
    return await commandsScenarios(client, { hasUpdates });
  } finally {
    await worker.stop();
    await workspace.remove();
  }
}

async function startCommandsWorker(
  server: RunningServer,
  application: string,
  hasUpdates: boolean,
): Promise<OwnedProcess> {
  const worker = await startProcess(process.execPath, ['src/worker.cjs'], {
    cwd: application,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: server.namespace,
      TASK_QUEUE: COMMANDS_TASK_QUEUE,
      WORKFLOWS: hasUpdates ? 'src/workflows/index.ts' : 'src/workflows/without-updates.ts',
    },
    // What the SDK logs would bury the little that is said here.
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    worker.child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString('utf8').includes('is ready')) resolve();
    });
    worker.child.once('exit', (code) => reject(new Error(`the worker ended with ${String(code)}`)));
  });
  // Ready means created: it polls a moment later.
  await sleep(200);
  return worker;
}

await main();
