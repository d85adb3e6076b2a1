import type { Client, WorkflowHandle } from '@temporalio/client';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  COMMANDS_TASK_QUEUE,
  commandsScenarios,
} from '../__tests__/fixtures/commands-scenarios.js';
import { commandsJavaWorkspace, NOT_IN_1_20 } from './java-commands.js';
import { findJavaSdk, JAVA_SDKS } from './java-sdk.js';
import { projectRoot } from './project-root.js';
import { findPythonSdk } from './python-sdk.js';
import { startReadyProcess } from './ready-process.js';
import { runCommand } from './run-command.js';
import { findSdk } from './sdk.js';
import { findTemporalCli } from './temporal-binary.js';
import type { RunningServer } from './temporal-server.js';
import { required } from './toolchain.js';
import { makeWorkspace } from './workspace.js';

/** An execution whose history becomes a fixture of this name. */
export interface Recorded {
  readonly name: string;
  readonly handle: WorkflowHandle;
}

type Record = (server: RunningServer, client: Client) => Promise<readonly Recorded[]>;

const APPLICATIONS = join(projectRoot, '__tests__', 'fixtures', 'applications');

/**
 * Runs the application that issues every kind of command, in TypeScript.
 *
 * @param version of the SDK; by default the one in the project's own `node_modules`
 * @param names of scenarios
 */
export function recordCommands(version: string | undefined, names: readonly string[]): Record {
  return async (server, client) => {
    const workspace = await makeWorkspace({
      from: join(APPLICATIONS, 'commands'),
      nodeModules:
        version === undefined
          ? join(projectRoot, 'node_modules')
          : required(await findSdk(version, console.log)).nodeModules,
    });
    const module = version?.startsWith('1.8.') === true ? 'of-sdk-1.8.ts' : 'index.ts';
    const worker = await startReadyProcess(process.execPath, ['src/worker.cjs'], {
      cwd: workspace.application,
      env: {
        ...environmentOf(server),
        TASK_QUEUE: COMMANDS_TASK_QUEUE,
        WORKFLOWS: `src/workflows/${module}`,
      },
      says: 'is ready',
    });
    // Ready means created: it polls a moment later.
    await sleep(200);
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
  };
}

/** The same in Python, whose program runs all workflows, or those that are given. */
export function recordPythonCommands(version: string, only: readonly string[] = []): Record {
  return async (server, client) => {
    const { python } = required(await findPythonSdk(version, console.log));
    if (only.length === 0) {
      const { path } = required(await findTemporalCli());
      await runCommand(path, [
        ...['operator', 'nexus', 'endpoint', 'create', '--address', server.address],
        ...['--name', 'doubling', '--target-namespace', server.namespace],
        ...['--target-task-queue', 'commands'],
      ]);
    }
    const { stdout } = await runCommand(python, ['record.py', ...only], {
      cwd: join(APPLICATIONS, 'commands-python'),
      env: { ...environmentOf(server), PYTHONDONTWRITEBYTECODE: '1' },
      timeoutMs: 120_000,
    });
    return recordedBy(stdout, client);
  };
}

const JAVA_WORKFLOWS = [
  ...['timers', 'activities', 'children', 'versions', 'attributes', 'continued', 'failing'],
  'waiting',
];

/** The same in Java. */
export function recordJavaCommands(version: string): Record {
  return async (server, client) => {
    const sdk = required(await findJavaSdk(version, console.log));
    const edits = version === JAVA_SDKS.oldest ? { edits: NOT_IN_1_20 } : {};
    const workspace = await commandsJavaWorkspace(sdk, edits);
    const classPath = [join(workspace.application, 'target', 'classes'), sdk.classPath];
    try {
      const { stdout } = await runCommand(
        'java',
        ['-cp', classPath.join(delimiter), 'com.example.commands.Program', ...JAVA_WORKFLOWS],
        { env: environmentOf(server) },
      );
      return recordedBy(stdout, client);
    } finally {
      await workspace.remove();
    }
  };
}

/** What a program has printed, one JSON object a line. */
function recordedBy(stdout: string, { workflow }: Client): Recorded[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => {
      const { name, workflowId, runId } = JSON.parse(line) as {
        readonly name: string;
        readonly workflowId: string;
        readonly runId?: string;
      };
      return { name, handle: workflow.getHandle(workflowId, runId) };
    });
}

function environmentOf({ address, namespace }: RunningServer): { [name: string]: string } {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
  };
}
