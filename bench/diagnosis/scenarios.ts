import type { CorpusLanguageName } from './languages/language.js';

/** What is done to an execution from outside. */
export type Step =
  | { readonly kind: 'signal'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'update'; readonly name: string; readonly args: readonly unknown[] };

/** How one workflow of a corpus is run, from start to close. */
export interface Scenario {
  readonly workflowType: string;
  readonly args: readonly unknown[];
  readonly steps: readonly Step[];
  /** After how many steps the base's worker stops and the edit's takes over: one execution each. */
  readonly cuts: readonly number[];
  /** Not looked at while src/diagnosis is tuned, and scored apart. */
  readonly heldOut: boolean;
}

const signal = (name: string, ...args: unknown[]): Step => ({ kind: 'signal', name, args });
const update = (name: string, ...args: unknown[]): Step => ({ kind: 'update', name, args });

/** The last three waits of a workflow are its cuts. */
const scenario = (workflowType: string, input: unknown, ...steps: Step[]): Scenario => ({
  workflowType,
  args: [input],
  steps,
  cuts: [3, 2, 1].map((before) => steps.length - before),
  heldOut: false,
});

const heldOut = (one: Scenario): Scenario => ({ ...one, heldOut: true });

const orderOf = (input: unknown): Scenario =>
  scenario('order', input, signal('approve', 'Monalisa'), signal('pay', 10), signal('deliver'));

const summaryOf = (input: unknown): Scenario =>
  scenario('summary', input, signal('request', 'Monalisa'), signal('publish'), signal('finish'));

/** In Python and Java the account is another one: it asks for a confirmation and continues as new. */
const yearsOfAccount = (changeOwner: string): Scenario =>
  scenario(
    'account',
    { owner: 'Monalisa', year: 1 },
    update('deposit', 5),
    update(changeOwner, 'Octocat'),
    signal('confirm'),
    signal('close'),
  );

const ORDER = orderOf({ orderId: 'order-1', amount: 10 });
const REGIONS = ['north', 'south', 'west'];
const SUMMARY = summaryOf({ summaryId: 'summary-1', regions: REGIONS });

const FULFILMENT = scenario(
  'fulfilment',
  { orderId: 'order-1' },
  signal('ready'),
  signal('confirm', 'Monalisa'),
  signal('archive'),
);

const SUBSCRIPTION = scenario(
  'subscription',
  { customer: 'Monalisa', year: 1 },
  ...[signal('pay', 1), signal('pay', 1), signal('pay', 1), signal('renew')],
);

const ACCOUNT = scenario(
  'account',
  { owner: 'Monalisa' },
  ...[update('deposit', 5), update('changeOwner', 'Octocat'), signal('close'), signal('forget')],
);

const BOOKING = scenario(
  'booking',
  { seat: '12A' },
  ...[signal('pay'), signal('checkIn', '4711'), signal('leave')],
);

const ONBOARDING = scenario(
  'onboarding',
  { person: 'Monalisa', laptop: true },
  ...[signal('signContract', 'permanent'), signal('handOver'), signal('start')],
);

const SETTLEMENT = scenario(
  'settlement',
  { merchant: 'Octocat' },
  ...[update('add', 'apples'), update('add', 'pears'), signal('settle'), signal('close')],
);

export const SCENARIOS: Readonly<Record<CorpusLanguageName, readonly Scenario[]>> = {
  typescript: [
    ...[ORDER, SUMMARY, FULFILMENT, SUBSCRIPTION, ACCOUNT, BOOKING],
    ...[heldOut(ONBOARDING), heldOut(SETTLEMENT)],
  ],
  go: [ORDER, SUMMARY, SUBSCRIPTION, ACCOUNT, heldOut(BOOKING)],
  java: [ORDER, SUMMARY, yearsOfAccount('changeOwner'), heldOut(ONBOARDING)],
  python: [
    orderOf({ order_id: 'order-1', amount: 10 }),
    summaryOf({ summary_id: 'summary-1', regions: REGIONS }),
    yearsOfAccount('change_owner'),
    heldOut(ONBOARDING),
  ],
};
