import { signal, update, type Scenario } from '../../scenario.js';

export const GO_SCENARIOS: readonly Scenario[] = [
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
    workflowType: 'subscription',
    args: [{ customer: 'Monalisa', year: 1 }],
    steps: [signal('pay', 1), signal('pay', 1), signal('pay', 1), signal('renew')],
    cuts: [1, 2, 3],
    heldOut: false,
  },
  {
    workflowType: 'account',
    args: [{ owner: 'Monalisa' }],
    steps: [
      update('deposit', 5),
      update('changeOwner', 'Octocat'),
      signal('close'),
      signal('forget'),
    ],
    cuts: [1, 2, 3],
    heldOut: false,
  },
  {
    workflowType: 'booking',
    args: [{ seat: '12A' }],
    steps: [signal('pay'), signal('checkIn', '4711'), signal('leave')],
    cuts: [0, 1, 2],
    heldOut: true,
  },
];
