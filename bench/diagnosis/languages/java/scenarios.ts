import { signal, update, type Scenario } from '../../scenario.js';

export const JAVA_SCENARIOS: readonly Scenario[] = [
  {
    workflowType: 'order',
    args: [{ orderId: 'order-1', amount: 10 }],
    steps: [signal('approve', 'Monalisa'), signal('pay', 10), signal('deliver')],
    cuts: [0, 1, 2],
    heldOut: false,
  },
  {
    workflowType: 'summary',
    args: [{ summaryId: 'summary-1', regions: ['north', 'south', 'west'] }],
    steps: [signal('request', 'Monalisa'), signal('publish'), signal('finish')],
    cuts: [0, 1, 2],
    heldOut: false,
  },
  {
    workflowType: 'account',
    args: [{ owner: 'Monalisa', year: 1 }],
    steps: [
      update('deposit', 5),
      update('changeOwner', 'Octocat'),
      signal('confirm'),
      signal('close'),
    ],
    cuts: [1, 2, 3],
    heldOut: false,
  },
  {
    workflowType: 'onboarding',
    args: [{ person: 'Monalisa', laptop: true }],
    steps: [signal('signContract', 'permanent'), signal('handOver'), signal('start')],
    cuts: [0, 1, 2],
    heldOut: true,
  },
];
