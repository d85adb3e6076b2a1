/**
 * Records the Event Histories under `__tests__/fixtures/histories/`, so that tests can replay real ones
 * without a server: `npx tsx testing/record-fixtures.ts [SET…]`, all sets by default.
 *
 * Each set is one run of an application with one release of the SDK against a dev server. A file holds
 * what `temporal workflow show --output json` writes, one event a line. To keep it small and free of the
 * machine that it was made on, a few fields that replay never reads are left out, the hash in a build's
 * ID is shortened, and the folders in stack traces are replaced; nothing else is.
 */
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  COMMANDS_NAMESPACE,
  COMMANDS_TASK_QUEUE,
  commandsScenarios,
} from '../__tests__/fixtures/commands-scenarios.js';
import { TYPESCRIPT } from '../bench/diagnosis/languages/typescript.js';
import { takeOver } from '../bench/diagnosis/truth/take-over.js';
import { OrdersApplication } from './orders-application.js';
import { startProcess, type OwnedProcess } from './processes.js';
import { projectRoot } from './project-root.js';
import { findSdk } from './sdk.js';
import { startDevServer, type RunningServer } from './temporal-server.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';
import { required } from './toolchain.js';
import { makeWorkspace } from './workspace.js';

/** The release in the project's own `node_modules`. */
const NEWEST = '1.24.0';

interface Recorded {
  readonly name: string;
  readonly handle: WorkflowHandle;
}

type Record = (server: RunningServer, client: Client) => Promise<readonly Recorded[]>;

/** The workflows whose histories show what an older release does otherwise. */
const COMMANDS_OF_1_8 = ['timers', 'patches', 'local-activities', 'scopes-open'];
const COMMANDS_OF_1_13 = ['timers', 'updates-finished'];

const SETS: Readonly<{ [set: string]: Record }> = {
  [`orders-${NEWEST}`]: (server, client) =>
    recordOrders(server, client, {}, [
      ...['order-waiting-for-approval', 'order-address-changed', 'order-charging'],
      ...['order-approved', 'order-cancelled'],
      ...['shipment-completed', 'account-collecting'],
      ...['reminder-sleeping'],
    ]),
  [`orders-encrypted-${NEWEST}`]: (server, client) =>
    recordOrders(server, client, { ENCRYPT: '1' }, ['order-address-changed', 'reminder-sleeping']),
  [`commands-${NEWEST}`]: (server, client) =>
    recordCommands(server, client, NEWEST, Object.keys(commandsScenarios)),
  [`corpus-${NEWEST}`]: recordCorpus,
  'commands-1.13.2': (server, client) => recordCommands(server, client, '1.13.2', COMMANDS_OF_1_13),
  'commands-1.8.0': (server, client) => recordCommands(server, client, '1.8.0', COMMANDS_OF_1_8),
};

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const folder = join(projectRoot, '__tests__', 'fixtures', 'histories');
  for (const [set, record] of Object.entries(SETS)) {
    if (wanted.length > 0 && !wanted.includes(set)) continue;
    const server = await startDevServer(
      set.startsWith('corpus')
        ? { searchAttributes: { Customer: 'Keyword' } }
        : { namespace: COMMANDS_NAMESPACE, searchAttributes: { Customer: 'KeywordList' } },
    );
    const connection = await Connection.connect({ address: server.address });
    try {
      const client = new Client({ connection, namespace: server.namespace });
      const recorded = await record(server, client);
      await rm(join(folder, set), { recursive: true, force: true });
      await mkdir(join(folder, set), { recursive: true });
      let size = 0;
      for (const { name, handle } of recorded) {
        const text = await historyText(handle);
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

/** Which process did it, and how the server filed it. */
const LEFT_OUT = new Set(['identity', 'requestId', 'taskId', 'historySizeBytes']);

async function historyText(handle: WorkflowHandle): Promise<string> {
  const { events } = JSON.parse(historyToJSON(await handle.fetchHistory())) as {
    events: object[];
  };
  const lines = events.map((event) =>
    JSON.stringify(event, (name, value: unknown) => (LEFT_OUT.has(name) ? undefined : value))
      .replaceAll(/[^\s"(]*\/(?:workspace-\w+|(?=node_modules\/))\/?/gu, '/application/')
      .replaceAll(`${projectRoot}/`, '/application/')
      // The bundle's hash, which unversioned workers call their build.
      .replaceAll(/(@temporalio\/worker@[\d.]+\+[0-9a-f]{8})[0-9a-f]{56}/gu, '$1'),
  );
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

async function recordOrders(
  server: RunningServer,
  client: Client,
  environment: Readonly<{ [name: string]: string }>,
  states: readonly string[],
): Promise<readonly Recorded[]> {
  const application = await OrdersApplication.compile();
  const started = await application.runExecutions({ server, taskQueue: 'orders', environment }, 1);
  await application.remove();
  const { workflow } = client;
  return states.map((name) => {
    // A shipment is a child of the order of its name.
    const order = started.find(({ state }) => state === name.replace('shipment', 'order'));
    if (order === undefined) throw new Error(`there is no execution of the state ${name}`);
    const handle = name.startsWith('shipment')
      ? workflow.getHandle(`${order.workflowId}-shipment`)
      : workflow.getHandle(order.workflowId, order.runId);
    return { name, handle };
  });
}

async function recordCommands(
  server: RunningServer,
  client: Client,
  version: string,
  names: readonly string[],
): Promise<readonly Recorded[]> {
  const workspace = await makeWorkspace({
    from: join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands'),
    nodeModules:
      version === NEWEST
        ? join(projectRoot, 'node_modules')
        : required(await findSdk(version, console.log)).nodeModules,
  });
  const module = version.startsWith('1.8.') ? 'of-sdk-1.8.ts' : 'index.ts';
  const worker = await startCommandsWorker(server, workspace.application, module);
  try {
    return await Promise.all(
      names.map(async (name) => {
        const handle = await commandsScenarios[name]?.(client);
        if (handle === undefined) throw new Error(`there is no scenario ${name}`);
        return { name, handle };
      }),
    );
  } finally {
    await worker.stop();
    await workspace.remove();
  }
}

/** Each workflow of the diagnosis corpus, from start to end. */
async function recordCorpus(server: RunningServer, client: Client): Promise<readonly Recorded[]> {
  const folder = await temporaryFolder('corpus');
  const workbench = await TYPESCRIPT.open(folder);
  const { address, namespace } = server;
  const recorded: Recorded[] = [];
  try {
    for (const { workflowType, file, text } of await TYPESCRIPT.bases()) {
      const scenario = TYPESCRIPT.scenarios.find((one) => one.workflowType === workflowType);
      if (scenario === undefined) throw new Error(`there is no scenario of ${workflowType}`);
      const code = await workbench.write(workflowType, file, text);
      const [first] = await takeOver(
        { ...scenario, cuts: scenario.cuts.slice(0, 1) },
        {
          client,
          taskQueue: workflowType,
          startWorker: () =>
            workbench.startWorker(code, { address, namespace, taskQueue: workflowType }),
          passing: TYPESCRIPT.passing,
        },
      );
      if (first === undefined) throw new Error(`there is no cut of ${workflowType}`);
      const { workflowId, runId } = first.execution;
      recorded.push({ name: workflowType, handle: client.workflow.getHandle(workflowId, runId) });
    }
  } finally {
    await workbench.close();
    await removeFolder(folder);
  }
  return recorded;
}

async function startCommandsWorker(
  server: RunningServer,
  application: string,
  module: string,
): Promise<OwnedProcess> {
  const worker = await startProcess(process.execPath, ['src/worker.cjs'], {
    cwd: application,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: server.namespace,
      TASK_QUEUE: COMMANDS_TASK_QUEUE,
      WORKFLOWS: `src/workflows/${module}`,
    },
    // What the SDK logs would bury the little that is said here.
    stdio: ['ignore', 'pipe', 'ignore'],
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
