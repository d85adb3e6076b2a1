/**
 * Records the Event Histories of the Java application under `__tests__/fixtures/histories/`:
 * `npx tsx testing/java-record-fixtures.ts [SET…]`, all sets by default. As `record-fixtures.ts` does it for
 * the others, each set is one run against a dev server.
 */
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { commandsJavaWorkspace, NOT_IN_1_20 } from './java-commands.js';
import { findJavaSdk, JAVA_SDKS } from './java-sdk.js';
import { projectRoot } from './project-root.js';
import { runCommand } from './run-command.js';
import { startDevServer } from './temporal-server.js';
import { required } from './toolchain.js';

const NAMES = [
  ...['timers', 'activities', 'children', 'versions', 'attributes', 'continued', 'failing'],
  'waiting',
];

const SETS: Readonly<Record<string, string>> = {
  [`java-commands-${JAVA_SDKS.newest}`]: JAVA_SDKS.newest,
  [`java-commands-${JAVA_SDKS.oldest}`]: JAVA_SDKS.oldest,
};

interface Recorded {
  readonly name: string;
  readonly workflowId: string;
  readonly runId: string;
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  for (const [set, version] of Object.entries(SETS)) {
    if (wanted.length > 0 && !wanted.includes(set)) continue;
    const sdk = required(await findJavaSdk(version, console.log));
    const workspace = await commandsJavaWorkspace(
      sdk,
      version === JAVA_SDKS.oldest ? { edits: NOT_IN_1_20 } : {},
    );
    const server = await startDevServer({ searchAttributes: { Customer: 'Keyword' } });
    const connection = await Connection.connect({ address: server.address });
    try {
      const classPath = [join(workspace.application, 'target', 'classes'), sdk.classPath];
      const { stdout } = await runCommand(
        'java',
        ['-cp', classPath.join(delimiter), 'com.example.commands.Program', ...NAMES],
        {
          env: {
            PATH: process.env['PATH'] ?? '',
            TEMPORAL_ADDRESS: server.address,
            TEMPORAL_NAMESPACE: server.namespace,
          },
        },
      );
      const recorded = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Recorded);
      const client = new Client({ connection, namespace: server.namespace });
      const folder = join(projectRoot, '__tests__', 'fixtures', 'histories', set);
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
      await workspace.remove();
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

await main();
