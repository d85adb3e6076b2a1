import { parseArgs } from 'node:util';
import { fillDeployment } from '../testing/deployment-orders.js';
import { OrdersApplication } from '../testing/orders-application.js';
import { fillWithOrdersIn, ORDERS, type OrdersInLanguage } from '../testing/orders-languages.js';
import type { RunningServer } from '../testing/temporal-server.js';
import { required } from '../testing/toolchain.js';
import { DEPLOYMENT_PULL_REQUESTS } from './deployment-pull-requests.js';
import { PULL_REQUESTS, type DemoPullRequest } from './pull-requests.js';

export const TASK_QUEUE = 'orders';

/** Executions on a server, and pull requests that concern them. */
export interface Scenario {
  readonly orders: OrdersInLanguage;
  readonly fill: (server: RunningServer, step: (text: string) => void) => Promise<void>;
  readonly pullRequests: readonly DemoPullRequest[];
}

/** Workers whose build IDs are in a version set. */
function versionSet(orders: OrdersInLanguage): Scenario {
  return {
    orders,
    fill: async (server, step) => {
      required(await orders.find(step));
      const started = await fillWithOrdersIn(orders, server, TASK_QUEUE, step);
      step(`  ${started} executions, and those that they started`);
    },
    pullRequests: PULL_REQUESTS,
  };
}

const WORKER_DEPLOYMENT: Scenario = {
  orders: ORDERS.typescript,
  fill: async (server, step) => {
    step('Compiling the example application');
    const application = await OrdersApplication.compile();
    await fillDeployment(server, TASK_QUEUE, application, step);
    await application.remove();
  },
  pullRequests: DEPLOYMENT_PULL_REQUESTS,
};

/** @throws Error for an unknown value of an option, with the known ones, or for options that cannot be combined */
export function readScenario(args: readonly string[]): Scenario {
  const { versioning, language } = parseArgs({
    args: [...args],
    options: {
      versioning: { type: 'string', default: 'version-set' },
      language: { type: 'string', default: 'typescript' },
    },
  }).values;
  const languages: Readonly<Record<string, OrdersInLanguage>> = ORDERS;
  const orders = languages[language];
  if (orders === undefined) {
    throw new Error(
      `--language is ${language}, but should be one of ${Object.keys(ORDERS).join(', ')}`,
    );
  }
  if (versioning === 'version-set') return versionSet(orders);
  if (versioning !== 'worker-deployment') {
    throw new Error(
      `--versioning is ${versioning}, but should be one of version-set, worker-deployment`,
    );
  }
  if (language !== 'typescript') {
    throw new Error('--versioning worker-deployment needs --language typescript');
  }
  return WORKER_DEPLOYMENT;
}
