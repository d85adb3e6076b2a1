import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inLanes } from './in-lanes.js';
import { withWorker } from './orders-worker.js';
import { runWithPeakMemory } from './peak-memory.js';
import { ordersWorkspace, OrdersApplication } from '../testing/orders-application.js';
import { stopAllProcesses } from '../testing/processes.js';
import { projectRoot } from '../testing/project-root.js';
import { startDevServer, type RunningServer } from '../testing/temporal-server.js';
import { registerBuildIds } from '../testing/version-sets.js';

/** Executions in the large run; the small one replays a tenth of them. */
const MANY = 5000;
const FEW = MANY / 10;

/** Parent's peak memory at 5,000 histories, at most so many times that at 500. */
const TARGET = 1.2;

const TASK_QUEUE = 'memory';
const PAIRS = 3;

/** Starts that are under way at a time. */
const LANES = 30;

/** Peak memory of the action's own process, replaying 500 and 5,000 executions of a real server. */
export async function memory(): Promise<boolean> {
  const server = await startDevServer();
  const workspace = await ordersWorkspace();
  try {
    await registerBuildIds(server, TASK_QUEUE, [
      { operation: 'addNewIdInNewDefaultSet', buildId: 'v1.0' },
    ]);
    await startReminders(server, MANY);
    const ratios: number[] = [];
    for (let pair = 1; pair <= PAIRS; pair += 1) {
      const peak = async (histories: number) =>
        runWithPeakMemory(
          [
            join(projectRoot, 'dist', 'index.js'),
            ...['check', '--title', '[compatible-v1.0] Measure', '--address', server.address],
            ...['--task-queue', TASK_QUEUE, '--max-histories', String(histories)],
            ...['--time-budget', '1h'],
          ],
          workspace.path,
        );
      const few = await peak(FEW);
      const many = await peak(MANY);
      for (const run of [few, many]) {
        if (!/^✅|^❌/u.test(run.stdout))
          throw new Error(`the run failed: ${run.stdout}${run.stderr}`);
      }
      const ratio = many.peakBytes / few.peakBytes;
      ratios.push(ratio);
      console.log(
        `pair ${pair}: ${FEW} histories ${mb(few.peakBytes)} MB in ${few.seconds.toFixed(1)} s, ` +
          `${MANY} histories ${mb(many.peakBytes)} MB in ${many.seconds.toFixed(1)} s, ratio ${ratio.toFixed(2)}`,
      );
      console.log(`  ${many.stdout.split('\n').slice(0, 2).join(' | ')}`);
    }
    const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.NaN;
    const held = median <= TARGET;
    console.log(
      `median ratio ${median.toFixed(2)}, target at most ${TARGET}: ${held ? 'held' : 'MISSED'}`,
    );
    return held;
  } finally {
    await workspace.remove();
    await stopAllProcesses();
  }
}

/** Executions that sleep a few milliseconds a few times, so that each has some workflow tasks. */
async function startReminders(server: RunningServer, count: number): Promise<void> {
  const run = { server, taskQueue: TASK_QUEUE, buildId: 'v1.0' };
  await withWorker(OrdersApplication.compile, run, async ({ workflow }) => {
    const began = Date.now();
    await inLanes(Array(count).keys(), LANES, async (number) => {
      await workflow.start('reminder', {
        taskQueue: TASK_QUEUE,
        workflowId: `reminder-${number}`,
        args: [{ customerId: `customer-${number}`, text: 'Hello', intervals: [1, 1] }],
      });
    });
    for (let completed = 0; completed < count;) {
      await sleep(2000);
      ({ count: completed } = await workflow.count(
        `TaskQueue = "${TASK_QUEUE}" AND ExecutionStatus = "Completed"`,
      ));
      console.log(`  ${completed} of ${count} executions have completed`);
    }
    console.log(`${count} executions in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  });
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
