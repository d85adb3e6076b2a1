import type { Client } from '@temporalio/client';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultProxy } from '../../testing/fault-proxy.js';
import { OrdersApplication, ordersWorkspace } from '../../testing/orders-application.js';
import { projectRoot } from '../../testing/project-root.js';
import { runCommand } from '../../testing/run-command.js';
import { startDevServer, type RunningServer } from '../../testing/temporal-server.js';
import { inLanes } from '../in-lanes.js';
import { withWorker } from '../orders-worker.js';
import { lastLine } from './loop.js';
import { median, type Row } from './table.js';

const SECTION = 'from end to end, with a real server on the same cores';

/** Of the issue, with the server beside it and behind a slow network alike. */
const TARGET = 3;

const LATENCY_MS = 40;

/**
 * What somebody sets whose server is far away: of the requests that are under way most are on their way, so that
 * as many keep the server no busier than the default of five does nearby.
 */
const FAR_AWAY = ['--fetch-concurrency', '20'];

const TASK_QUEUE = 'end-to-end';
const QUERY = `TaskQueue = "${TASK_QUEUE}"`;

/** So many of either make about 60 events. */
const PURCHASES = 9;
const INTERVALS = 5;

/** Starts that are under way at a time while the server is filled. */
const LANES = 30;

export interface EndToEndOptions {
  readonly histories: number;
  readonly pairs: number;
}

interface Run {
  readonly passed: number;
  readonly seconds: number;
}

/** From the start of the process to its end, everything in it: connection, listing, bundle, reads, replays. */
export async function endToEnd({ histories, pairs }: EndToEndOptions): Promise<readonly Row[]> {
  const server = await startDevServer();
  const workspace = await ordersWorkspace();
  const proxy = await startFaultProxy(server.address, () => ({
    kind: 'latency',
    milliseconds: LATENCY_MS,
  }));
  try {
    await fill(server, histories);
    const rows: Row[] = [];
    for (const [where, address, further] of [
      ['the server beside it', server.address, []],
      [`${LATENCY_MS} ms of latency`, proxy.address, FAR_AWAY],
    ] as const) {
      const runs: { readonly theirs: Run; readonly ours: Run }[] = [];
      for (let pair = 1; pair <= pairs; pair += 1) {
        const theirs = await reference(workspace.application, address);
        const ours = await gate(workspace.application, address, further);
        for (const { passed } of [theirs, ours]) {
          if (passed !== histories) throw new Error(`${passed} of ${histories} passed`);
        }
        runs.push({ theirs, ours });
        console.log(
          `  ${where}, pair ${pair}: reference ${theirs.seconds.toFixed(1)} s, ` +
            `gate ${ours.seconds.toFixed(1)} s, ratio ${ratio({ theirs, ours }).toFixed(2)}`,
        );
      }
      rows.push({
        section: SECTION,
        name: `times the speed of the reference, ${where}`,
        value: median(runs.map(ratio)),
        unit: 'times',
        target: { at: 'least', value: TARGET },
        detail:
          `${histories} executions; medians ${median(runs.map(({ theirs }) => theirs.seconds)).toFixed(1)} s and ` +
          `${median(runs.map(({ ours }) => ours.seconds)).toFixed(1)} s; ` +
          `single pairs ${runs.map((run) => ratio(run).toFixed(2)).join(', ')}`,
      });
    }
    return rows;
  } finally {
    await proxy.stop();
    await workspace.remove();
    await server.stop();
  }
}

function ratio({ theirs, ours }: { readonly theirs: Run; readonly ours: Run }): number {
  return theirs.seconds / ours.seconds;
}

async function reference(application: string, address: string): Promise<Run> {
  const began = performance.now();
  const { passed } = await lastLine<Run>(
    process.execPath,
    [
      join(import.meta.dirname, 'reference-end-to-end.mjs'),
      ...[join(application, 'src', 'workflows'), address, QUERY],
    ],
    { cwd: application },
  );
  return { passed, seconds: (performance.now() - began) / 1000 };
}

async function gate(
  application: string,
  address: string,
  further: readonly string[],
): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-end-to-end-'));
  const reports = join(folder, 'report.json');
  try {
    const began = performance.now();
    await runCommand(
      process.execPath,
      [
        join(projectRoot, 'dist', 'index.js'),
        ...['--build-id', 'v1.0', '--versioning', 'none', '--query', QUERY, '--address', address],
        ...['--select', 'all', '--time-budget', '1h', '--reports', reports, ...further],
      ],
      { cwd: application },
    );
    const seconds = (performance.now() - began) / 1000;
    const { counts } = JSON.parse(await readFile(reports, 'utf8')) as {
      counts: { readonly passed: number };
    };
    return { passed: counts.passed, seconds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Half are reminders, which close; half are customers' accounts, which go on running. */
async function fill(server: RunningServer, count: number): Promise<void> {
  const run = { server, taskQueue: TASK_QUEUE };
  await withWorker(OrdersApplication.compile, run, async (client) => {
    const { workflow } = client;
    await inLanes(Array(count).keys(), LANES, (number) => start(client, number));
    for (;;) {
      const waiting = await workflow.count(
        `${QUERY} AND WorkflowType = "reminder" AND ExecutionStatus = "Running"`,
      );
      if (waiting.count === 0) break;
      await sleep(1000);
    }
    // The accounts have nothing left to do when the last of them has recorded its last purchase.
    for (let number = 1; number < count; number += 2) {
      const handle = workflow.getHandle(`account-${number}`);
      while ((await handle.query<{ purchases: number }>('balance')).purchases < PURCHASES) {
        await sleep(200);
      }
    }
  });
}

async function start(client: Client, number: number): Promise<void> {
  const customerId = `customer-${number}`;
  if (number % 2 === 0) {
    await client.workflow.start('reminder', {
      taskQueue: TASK_QUEUE,
      workflowId: `reminder-${number}`,
      args: [{ customerId, text: 'Hello', intervals: Array.from({ length: INTERVALS }, () => 1) }],
    });
    return;
  }
  const unhandled = Array.from({ length: PURCHASES }, (_, index) => ({
    orderId: `order-${number}-${index}`,
    amount: index,
  }));
  await client.workflow.start('customerAccount', {
    taskQueue: TASK_QUEUE,
    workflowId: `account-${number}`,
    args: [{ customerId, unhandled }],
  });
}
