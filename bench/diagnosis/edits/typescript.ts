import type { ByHand } from './by-hand.js';

/** Edits of the corpus in TypeScript as people make them, most of more than one place. */
export const TYPESCRIPT_EDITS: readonly ByHand[] = [
  {
    workflowType: 'order',
    name: 'fraud check before the reservation',
    kind: 'add-activity',
    changes: [
      [
        'const reservation = await reserve(input.orderId);',
        `if (await checkFraud(input.orderId)) return 'refused';\n  const reservation = await reserve(input.orderId);`,
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'order',
    name: 'told after shipping instead of before',
    kind: 'move-command',
    changes: [
      [`  await notify('reserved');\n`, ''],
      ['await ship(input.orderId);', `await ship(input.orderId);\n  await notify('reserved');`],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['await reserve(', `patched('check-fraud')`],
  },
  {
    workflowType: 'order',
    name: 'large orders only are checked for fraud',
    kind: 'add-condition',
    changes: [
      [`if (patched('check-fraud')) {`, `if (input.amount > 100 && patched('check-fraud')) {`],
    ],
    causes: ['patch-removed'],
    at: [`await notify('reserved')`, 'await sleep(30)'],
  },
  {
    workflowType: 'order',
    name: 'payment in advance',
    kind: 'move-wait',
    changes: [
      ['  await condition(() => paid >= input.amount);\n', ''],
      [
        `  await condition(() => approvedBy !== '');`,
        `  await condition(() => approvedBy !== '' && paid >= input.amount);`,
      ],
    ],
    // A wait that is longer: what history did behind it is not done there any more.
    causes: ['command-moved', 'command-removed'],
    at: [`await notify('reserved')`, 'await charge('],
  },
  {
    workflowType: 'order',
    name: 'receipt from an ordinary activity',
    kind: 'local-to-activity',
    changes: [
      ['const { reserve, notify,', 'const { format, reserve, notify,'],
      [
        `const { format } = proxyLocalActivities<typeof activities>({\n  startToCloseTimeout: '5 seconds',\n});\n`,
        '',
      ],
    ],
    causes: ['command-added', 'command-replaced'],
    at: ['await format(', 'const receipt'],
  },
  {
    workflowType: 'order',
    name: 'a loop of timers instead of one',
    kind: 'split-timer',
    changes: [
      ['  await sleep(30);', '  for (const part of [10, 20]) {\n    await sleep(part);\n  }'],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'order',
    name: 'a class of one method takes over the body',
    kind: 'refactoring',
    changes: [
      [
        '  const reservation = await reserve(input.orderId);',
        '  const stock = { take: (id: string) => reserve(id) };\n  const reservation = await stock.take(input.orderId);',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'summary',
    name: 'regions one after the other',
    kind: 'run-in-sequence',
    changes: [
      [
        'await Promise.all(input.regions.map((region) => format(region)));',
        'for (const region of input.regions) await format(region);',
      ],
    ],
    causes: ['command-moved', 'command-removed'],
  },
  {
    workflowType: 'summary',
    name: 'one more region',
    kind: 'add-in-parallel',
    changes: [['input.regions.map(', `[...input.regions, 'east'].map(`]],
    causes: ['command-added'],
  },
  {
    workflowType: 'summary',
    name: 'one region less',
    kind: 'remove-in-parallel',
    changes: [['input.regions.map(', 'input.regions.slice(1).map(']],
    causes: ['command-removed'],
    at: ['sleep(20),', 'notify(requestedBy)', 'charge(input.summaryId)'],
  },
  {
    workflowType: 'summary',
    name: 'regions in the order of the alphabet, backwards',
    kind: 'swap-in-parallel',
    changes: [['input.regions.map(', 'input.regions.toReversed().map(']],
    // Only their arguments differ, which replay does not compare.
    causes: [],
  },
  {
    workflowType: 'summary',
    name: 'the chart is made first',
    kind: 'swap-in-parallel',
    changes: [
      [`const stored = store('the text');`, `const formatted = format('the chart');`],
      [
        `  const formatted = format('the chart');\n  await sleep`,
        `  const stored = store('the text');\n  await sleep`,
      ],
    ],
    causes: ['commands-reordered'],
  },
  {
    workflowType: 'summary',
    name: 'a race instead of a join',
    kind: 'replace-join',
    changes: [['await Promise.all([sleep(20)', 'await Promise.race([sleep(20)']],
    causes: [],
  },
  {
    workflowType: 'summary',
    name: 'names for the parts',
    kind: 'refactoring',
    changes: [
      [
        '  const [orders, refunds] = await Promise.all([',
        '  const parts: Promise<string | number>[] = [\n    // Both at the same time.',
      ],
      [
        '    store(`refunds of ${input.summaryId}`),\n  ]);',
        '    store(`refunds of ${input.summaryId}`),\n  ];\n  const [orders, refunds] = await Promise.all(parts);',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'fulfilment',
    name: 'the parcel is packed without waiting for it',
    kind: 'remove-join',
    changes: [
      [
        'const parcel = await executeChild(packParcel, {',
        'const packing = await startChild(packParcel, {',
      ],
      [
        '  await reserve(parcel);',
        '  const parcel = packing.workflowId;\n  await reserve(parcel);',
      ],
    ],
    causes: ['command-moved'],
    at: ['await reserve('],
  },
  {
    workflowType: 'fulfilment',
    name: 'the child has another type',
    kind: 'replace-child',
    changes: [
      ['startChild(trackCourier, {', 'startChild(followCourier, {'],
      ['export async function trackCourier(', 'export async function followCourier('],
    ],
    causes: ['command-replaced'],
  },
  {
    workflowType: 'fulfilment',
    name: 'the courier is told twice',
    kind: 'add-signal',
    changes: [
      [
        `  await courier.signal(arrived, 'the front door');`,
        `  await courier.signal(arrived, 'the garden');\n  await courier.signal(arrived, 'the front door');`,
      ],
    ],
    // The first takes the place of the one that history holds.
    causes: ['command-added'],
    at: [`'the front door'`],
  },
  {
    workflowType: 'fulfilment',
    name: 'the signal to the courier has another name',
    kind: 'rename-signal-sent',
    changes: [[`defineSignal<[string]>('arrived')`, `defineSignal<[string]>('hasArrived')`]],
    causes: ['command-replaced'],
    at: ['courier.signal('],
  },
  {
    workflowType: 'fulfilment',
    name: 'papers before the confirmation',
    kind: 'move-before-wait',
    changes: [
      [`  await condition(() => confirmedBy !== '');\n  await notify(confirmedBy);`, ''],
      [
        '  await condition(() => archived);',
        `  await condition(() => confirmedBy !== '');\n  await notify(confirmedBy);\n  await condition(() => archived);`,
      ],
    ],
    causes: ['command-moved'],
    at: ['await executeChild(packParcel, {'],
  },
  {
    workflowType: 'subscription',
    name: 'two months only',
    kind: 'shorter-loop',
    changes: [['month <= 3', 'month <= 2']],
    causes: ['command-removed', 'command-moved'],
    at: ['await sleep(20)', 'await charge(', 'await notify(', 'await store('],
  },
  {
    workflowType: 'subscription',
    name: 'the half year is told a month earlier',
    kind: 'change-branch',
    changes: [['month === 2', 'month === 1']],
    causes: ['command-added', 'command-moved'],
    at: [`await store('half of the year')`],
  },
  {
    workflowType: 'subscription',
    name: 'continues as new after the first month',
    kind: 'continue-early',
    changes: [
      [
        '    if (month === 2) {',
        '    if (month === 1) {\n      await continueAsNew<typeof subscription>({ customer: input.customer, year: 9 });\n    }\n    if (month === 2) {',
      ],
    ],
    causes: ['workflow-ends-earlier'],
    // The end of a workflow has no line of its own: the last command before it is right, too.
    at: ['if (patched(', 'await notify(bill)'],
  },
  {
    workflowType: 'subscription',
    name: 'thanks without a patch, in the first month only',
    kind: 'remove-patch',
    changes: [[`if (patched('thank-for-payments')) {`, 'if (month === 1) {']],
    causes: ['patch-removed'],
    at: ['await charge(', 'await notify(bill)'],
  },
  {
    workflowType: 'subscription',
    name: 'the patch is asked for once, before the loop',
    kind: 'move-patch',
    changes: [
      ['  for (let month', `  const thanks = patched('thank-for-payments');\n  for (let month`],
      [`if (patched('thank-for-payments')) {`, 'if (thanks) {'],
    ],
    causes: ['command-moved'],
    at: [`patched('thank-for-payments')`],
  },
  {
    workflowType: 'subscription',
    name: 'a while loop',
    kind: 'refactoring',
    changes: [
      [
        'for (let month = 1; month <= 3; month += 1) {',
        'let month = 0;\n  while (month < 3) {\n    month += 1;',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'account',
    name: 'the validator refuses small deposits',
    kind: 'stricter-validator',
    changes: [['if (amount <= 0)', 'if (amount <= 10)']],
    // Validators are not run again on replay.
    causes: ['update-handler-missing'],
  },
  {
    workflowType: 'account',
    name: 'the deposit is recorded before it is charged',
    kind: 'add-in-handler',
    changes: [
      ['await charge(`${amount}`);', 'await store(`${amount}`);\n      await charge(`${amount}`);'],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'account',
    name: 'the deposit is not charged',
    kind: 'remove-in-handler',
    changes: [['      await charge(`${amount}`);\n', '']],
    causes: ['command-removed'],
    // The handler's place is where it is set.
    at: [
      'balance += amount',
      'return balance;',
      'setHandler(\n    deposit,',
      'deposit,',
      `notify('first deposit')`,
    ],
  },
  {
    workflowType: 'account',
    name: 'no handler for a new owner',
    kind: 'remove-handler',
    changes: [
      ['  setHandler(changeOwner, (name) => {\n    owner = name;\n    return owner;\n  });\n', ''],
    ],
    causes: ['update-handler-missing'],
    at: [`'changeOwner'`],
  },
  {
    workflowType: 'account',
    name: 'the memo is not kept',
    kind: 'remove-upsert',
    changes: [['  await store(owner);\n  upsertMemo({ owner });\n', '  await store(owner);\n']],
    causes: ['command-removed'],
    at: ['await store(owner)', `await notify('first deposit')`],
  },
  {
    workflowType: 'account',
    name: 'memo instead of search attributes',
    kind: 'replace-upsert',
    changes: [
      [
        'upsertSearchAttributes([{ key: customer, value: input.owner }]);',
        'upsertMemo({ customer: input.owner });',
      ],
    ],
    causes: ['command-replaced'],
  },
  {
    workflowType: 'booking',
    name: 'no time-out for the payment',
    kind: 'remove-time-out',
    changes: [
      [
        `const inTime = await condition(() => paid, '1 hour');`,
        'await condition(() => paid);\n  const inTime = paid;',
      ],
    ],
    causes: ['command-removed'],
    at: ['await reserve(', 'await charge('],
  },
  {
    workflowType: 'booking',
    name: 'no reminder',
    kind: 'remove-scope',
    changes: [
      [
        `    await sleep('1 day');\n    await notify('the day before');\n`,
        '    await Promise.resolve();\n',
      ],
    ],
    causes: ['command-removed'],
    at: ['await charge(', 'await store(passport)'],
  },
  {
    workflowType: 'booking',
    name: 'the reminder is not withdrawn',
    kind: 'remove-cancellation',
    changes: [['  reminder.cancel();\n  await reminded;\n', '  void reminded;\n']],
    causes: ['command-removed'],
    at: ['await store(passport)', `await sleep('1 day')`, 'reminder.run('],
  },
  {
    workflowType: 'booking',
    name: 'no compensation',
    kind: 'remove-compensation',
    changes: [[`    await notify('no upgrade');\n`, '    // It does not matter.\n']],
    causes: ['command-removed'],
    at: [`await refuse('an upgrade')`, 'store(input.seat)'],
  },
  {
    workflowType: 'booking',
    name: 'the failure of the upgrade ends it',
    kind: 'remove-catch',
    changes: [
      [
        `  try {\n    await refuse('an upgrade');\n  } catch {\n    await notify('no upgrade');\n  }`,
        `  await refuse('an upgrade');`,
      ],
    ],
    causes: ['workflow-ends-earlier'],
  },
  {
    workflowType: 'onboarding',
    name: 'no laptop after all',
    kind: 'change-branch',
    changes: [['if (input.laptop) {', 'if (!input.laptop) {']],
    causes: ['command-removed'],
    at: ['await format(contract)', 'executeChild(prepareDesk', 'const desk'],
  },
  {
    workflowType: 'onboarding',
    name: 'desk and laptop at the same time',
    kind: 'run-in-parallel',
    changes: [
      [`  if (input.laptop) {\n    await reserve('laptop');\n  }\n`, ''],
      [
        '  const desk = await executeChild(prepareDesk, {',
        `  const laptop = input.laptop ? reserve('laptop') : undefined;\n  const desk = await executeChild(prepareDesk, {`,
      ],
      ['  await condition(() => equipped);', '  await laptop;\n  await condition(() => equipped);'],
    ],
    causes: ['command-moved'],
    at: ['executeChild(prepareDesk', 'args: [input.person]', 'workflowId:'],
  },
  {
    workflowType: 'settlement',
    name: 'three items at a time',
    kind: 'longer-loop',
    changes: [['items.slice(0, 2)', 'items.slice(0, 3)']],
    // Two have come, so there is no third.
    causes: [],
  },
  {
    workflowType: 'settlement',
    name: 'the first item is free',
    kind: 'shorter-loop',
    changes: [['items.slice(0, 2)', 'items.slice(1, 2)']],
    causes: ['command-removed', 'command-moved'],
    at: ['await charge(item)', 'await sleep(20)', 'await notify(`${length}`)', 'await count('],
  },
];
