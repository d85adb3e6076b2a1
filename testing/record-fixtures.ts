/**
 * Records the Event Histories under `__tests__/fixtures/histories/`, so that tests can replay real ones
 * without a server: `npx tsx testing/record-fixtures.ts [SET…]`, all sets by default. Those of Go, whose names
 * begin with `commands-go`, `__tests__/fixtures/applications/commands-go/record` records.
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
import { COMMANDS_NAMESPACE, commandsScenarios } from '../__tests__/fixtures/commands-scenarios.js';
import { TYPESCRIPT } from '../bench/diagnosis/languages/typescript.js';
import { takeOver } from '../bench/diagnosis/truth/take-over.js';
import type { ExampleApplication } from './example-application.js';
import { JAVA_SDKS } from './java-sdk.js';
import { OrdersApplication } from './orders-application.js';
import { projectRoot } from './project-root.js';
import { pythonOrdersApplication } from './python-orders.js';
import { NEWEST_PYTHON_SDK, OLDEST_PYTHON_SDK } from './python-sdk.js';
import {
  recordCommands,
  recordJavaCommands,
  recordPythonCommands,
  type Recorded,
} from './record-commands.js';
import { startDevServer, type DevServerOptions, type RunningServer } from './temporal-server.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

/** The release in the project's own `node_modules`. */
const NEWEST = '1.24.0';

interface FixtureSet {
  readonly server: DevServerOptions;
  readonly record: (server: RunningServer, client: Client) => Promise<readonly Recorded[]>;
  /** Fields that replay never reads, besides those of every set. */
  readonly leftOut?: readonly string[];
}

const KEYWORDS = { searchAttributes: { Customer: 'KeywordList' } };
const KEYWORD = { searchAttributes: { Customer: 'Keyword' } };

const typescript = (record: FixtureSet['record']): FixtureSet => ({
  server: { namespace: COMMANDS_NAMESPACE, ...KEYWORDS },
  record,
});
const python = (record: FixtureSet['record']): FixtureSet => ({
  server: KEYWORDS,
  record,
  leftOut: ['stackTrace'],
});
const java = (version: string): FixtureSet => ({
  server: KEYWORD,
  record: recordJavaCommands(version),
  leftOut: ['stackTrace'],
});

/** States of orders that every language has. */
const ORDERS = [
  ...['order-waiting-for-approval', 'order-address-changed', 'order-charging', 'order-approved'],
  ...['order-cancelled', 'shipment-completed', 'reminder-sleeping'],
];

const SETS: Readonly<Record<string, FixtureSet>> = {
  [`orders-${NEWEST}`]: typescript(
    recordOrders(OrdersApplication.compile, {}, [...ORDERS, 'account-collecting']),
  ),
  [`orders-encrypted-${NEWEST}`]: typescript(
    recordOrders(OrdersApplication.compile, { ENCRYPT: '1' }, [
      'order-address-changed',
      'reminder-sleeping',
    ]),
  ),
  [`commands-${NEWEST}`]: typescript(recordCommands(undefined, Object.keys(commandsScenarios))),
  [`corpus-${NEWEST}`]: { server: KEYWORD, record: recordCorpus },
  // The workflows whose histories show what an older release does otherwise.
  'commands-1.13.2': typescript(recordCommands('1.13.2', ['timers', 'updates-finished'])),
  'commands-1.8.0': typescript(
    recordCommands('1.8.0', ['timers', 'patches', 'local-activities', 'scopes-open']),
  ),
  [`python-orders-${NEWEST_PYTHON_SDK}`]: python(
    recordOrders(pythonOrdersApplication, {}, [...ORDERS, 'order-failed', 'account-continued']),
  ),
  [`python-orders-compressed-${NEWEST_PYTHON_SDK}`]: python(
    recordOrders(pythonOrdersApplication, { COMPRESS: '1' }, ['order-address-changed']),
  ),
  [`python-commands-${NEWEST_PYTHON_SDK}`]: python(recordPythonCommands(NEWEST_PYTHON_SDK)),
  [`python-commands-${OLDEST_PYTHON_SDK}`]: python(
    recordPythonCommands(OLDEST_PYTHON_SDK, ['basics']),
  ),
  [`java-commands-${JAVA_SDKS.newest}`]: java(JAVA_SDKS.newest),
  [`java-commands-${JAVA_SDKS.oldest}`]: java(JAVA_SDKS.oldest),
};

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  for (const [name, set] of Object.entries(SETS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const server = await startDevServer(set.server);
    const connection = await Connection.connect({ address: server.address });
    try {
      const client = new Client({ connection, namespace: server.namespace });
      const recorded = await set.record(server, client);
      const folder = join(projectRoot, '__tests__', 'fixtures', 'histories', name);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      let size = 0;
      for (const one of recorded) {
        const text = await historyText(one.handle, set.leftOut);
        size += text.length;
        await writeFile(join(folder, `${one.name}.json`), text);
      }
      console.log(`${name}: ${recorded.length} histories, ${Math.ceil(size / 1000)} kB`);
    } finally {
      await connection.close();
      await server.stop();
    }
  }
}

/** Which process did it, and how the server filed it. */
const LEFT_OUT = ['identity', 'requestId', 'taskId', 'historySizeBytes'];

async function historyText(
  handle: WorkflowHandle,
  leftOut: readonly string[] = [],
): Promise<string> {
  const without = new Set([...LEFT_OUT, ...leftOut]);
  const { events } = JSON.parse(historyToJSON(await handle.fetchHistory())) as {
    events: object[];
  };
  const lines = events.map((event) =>
    JSON.stringify(event, (name, value: unknown) => (without.has(name) ? undefined : value))
      .replaceAll(/[^\s"(]*\/(?:workspace-\w+|(?=node_modules\/))\/?/gu, '/application/')
      .replaceAll(`${projectRoot}/`, '/application/')
      // The bundle's hash, which unversioned workers call their build.
      .replaceAll(/(@temporalio\/worker@[\d.]+\+[0-9a-f]{8})[0-9a-f]{56}/gu, '$1'),
  );
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}

function recordOrders(
  compile: () => Promise<ExampleApplication>,
  environment: Readonly<Record<string, string>>,
  states: readonly string[],
): FixtureSet['record'] {
  // A shipment is a child of the order of its name.
  const orderOf = (state: string): string => state.replace('shipment', 'order');
  return async (server, { workflow }) => {
    const application = await compile();
    const run = { server, taskQueue: 'orders', environment };
    const started = await application.runExecutions(run, 1, [...new Set(states.map(orderOf))]);
    await application.remove();
    return states.map((name) => {
      const order = started.find(({ state }) => state === orderOf(name));
      if (order === undefined) throw new Error(`there is no execution of the state ${name}`);
      const handle = name.startsWith('shipment')
        ? workflow.getHandle(`${order.workflowId}-shipment`)
        : workflow.getHandle(order.workflowId, order.runId);
      return { name, handle };
    });
  };
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

await main();
