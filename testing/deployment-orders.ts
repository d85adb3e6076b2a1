import type { ApplicationRun, ExampleApplication } from './example-application.js';
import type { RunningServer } from './temporal-server.js';
import type { Progress } from './toolchain.js';
import { setCurrentVersion, setRampingVersion } from './worker-deployments.js';

export const DEPLOYMENT = 'orders';

/** Executions of each step, by the states of the example application in which they stop. */
const STATES = {
  leftover: ['order-waiting-for-approval', 'account-collecting'],
  // Reminders are pinned only, so that a change to them breaks nothing else.
  pinned: ['order-charging', 'order-completed', 'reminder-sleeping', 'reminder-completed'],
  autoUpgrade: ['order-waiting-for-approval', 'order-charging', 'order-completed'],
  ramping: ['order-charging', 'order-completed'],
} as const;

/**
 * Leaves a Worker Deployment as it is in the middle of its life: b1 is draining with pinned executions,
 * b2 is current and b3 ramping, both with executions that auto-upgrade, and executions that unversioned
 * workers began wait on its task queue. All versions run the same code.
 */
export async function fillDeployment(
  server: Pick<RunningServer, 'address' | 'namespace'>,
  taskQueue: string,
  application: ExampleApplication,
  step: Progress = () => undefined,
): Promise<void> {
  const base = { server, taskQueue };
  step('Running an unversioned worker, whose executions are left over');
  await application.runExecutions(base, 1, STATES.leftover);

  step('Deploying b1, whose executions are pinned, as the current version');
  await deploy(application, version(base, 'b1', 'pinned'), STATES.pinned, () =>
    setCurrentVersion(server, DEPLOYMENT, 'b1'),
  );
  step('Deploying b2, whose executions auto-upgrade, as the current version');
  await deploy(application, version(base, 'b2', 'auto-upgrade'), STATES.autoUpgrade, () =>
    setCurrentVersion(server, DEPLOYMENT, 'b2'),
  );
  step('Deploying b3 as the ramping version');
  // With all of the traffic, so that what is started now goes to it.
  await deploy(application, version(base, 'b3', 'auto-upgrade'), STATES.ramping, () =>
    setRampingVersion(server, DEPLOYMENT, 'b3', 100),
  );
  await setRampingVersion(server, DEPLOYMENT, 'b3', 25);
}

function version(
  base: Pick<ApplicationRun, 'server' | 'taskQueue'>,
  buildId: string,
  defaultBehavior: 'pinned' | 'auto-upgrade',
): ApplicationRun {
  return { ...base, buildId, deployment: { name: DEPLOYMENT, defaultBehavior } };
}

/** Its worker, then traffic for it, then executions, and the worker stopped again. */
async function deploy(
  application: ExampleApplication,
  run: ApplicationRun,
  states: readonly string[],
  route: () => Promise<void>,
): Promise<void> {
  const worker = await application.startWorker(run);
  try {
    await route();
    await application.startExecutions(run, 1, states);
  } finally {
    await worker.stop();
  }
}
