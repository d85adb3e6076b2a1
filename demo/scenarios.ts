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
  /** What the terminal must say at the end of the compatible change, and of the old version. */
  readonly expected: { readonly advice: RegExp; readonly retirement: RegExp };
}

/** Workers whose build IDs are in a version set. */
function versionSet(orders: OrdersInLanguage): Scenario {
  return {
    orders,
    fill: async (server, step) => {
      required(await orders.find(step));
      const started = await fillWithOrdersIn(orders, server, TASK_QUEUE, step);
      step(
        `  ${started} executions are started; some have started children or further runs, which count too`,
      );
    },
    pullRequests: PULL_REQUESTS,
    expected: {
      advice: /^v2\.1 on orders .* yes +\[compatible-v2\.1\] …$[^]*^ {2}Minor\. /mu,
      // The default of the set gets all of its tasks.
      retirement: /^v1\.0 on orders +inactive +0 .* (?:off|can go)$/mu,
    },
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
  expected: {
    advice: /^orders:b2 .* yes +\[compatible-b2\] …$[^]*^ {2}Minor\. /mu,
    retirement: /^orders:b1 +draining +2 \(2 pinned\)[^]*2 running executions are pinned to it/mu,
  },
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
