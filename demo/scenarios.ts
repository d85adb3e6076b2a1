import { parseArgs } from 'node:util';
import { fillDeployment } from '../testing/deployment-orders.js';
import { OrdersApplication } from '../testing/orders-application.js';
import { fillWithOrders } from '../testing/orders-server.js';
import type { RunningServer } from '../testing/temporal-server.js';
import { DEPLOYMENT_PULL_REQUESTS } from './deployment-pull-requests.js';
import { PULL_REQUESTS, type DemoPullRequest } from './pull-requests.js';

export const TASK_QUEUE = 'orders';

/** Executions on a server, and pull requests about them. */
export interface Scenario {
  readonly fill: (server: RunningServer, step: (text: string) => void) => Promise<void>;
  readonly pullRequests: readonly DemoPullRequest[];
}

/** By how the workers are versioned, as the action's input says it. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'version-set': {
    fill: async (server, step) => {
      const filled = await fillWithOrders(server, TASK_QUEUE, step);
      step(`  ${filled.started.length} executions, and those that they started`);
    },
    pullRequests: PULL_REQUESTS,
  },
  'worker-deployment': {
    fill: async (server, step) => {
      step('Compiling the example application');
      const application = await OrdersApplication.compile();
      await fillDeployment(server, TASK_QUEUE, application, step);
      await application.remove();
    },
    pullRequests: DEPLOYMENT_PULL_REQUESTS,
  },
};

/** @throws Error that names the possible values when the option `--versioning` has another one */
export function readScenario(args: readonly string[]): Scenario {
  const { versioning } = parseArgs({
    args: [...args],
    options: { versioning: { type: 'string', default: 'version-set' } },
  }).values;
  const scenario = SCENARIOS[versioning];
  if (scenario === undefined) {
    throw new Error(
      `--versioning is ${versioning}, but should be one of ${Object.keys(SCENARIOS).join(', ')}`,
    );
  }
  return scenario;
}
