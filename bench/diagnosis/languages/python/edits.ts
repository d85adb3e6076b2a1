import type { ByHand } from '../../edits/by-hand.js';

/** Edits of the corpus in Python as people make them. */
export const PYTHON_EDITS: readonly ByHand[] = [
  {
    workflowType: 'order',
    name: 'fraud check before the reservation',
    kind: 'add-activity',
    changes: [
      [
        '        reservation = await',
        '        await workflow.execute_activity(check_fraud, "", start_to_close_timeout=TIMEOUT)\n        reservation = await',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'order',
    name: 'told after shipping instead of before',
    kind: 'move-command',
    changes: [
      [
        '        await workflow.execute_activity(notify, "reserved", start_to_close_timeout=TIMEOUT)\n',
        '',
      ],
      [
        '        await workflow.wait_condition(lambda: self.delivered)',
        '        await workflow.execute_activity(notify, "reserved", start_to_close_timeout=TIMEOUT)\n        await workflow.wait_condition(lambda: self.delivered)',
      ],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['reservation = await', 'reserve, order.order_id', 'patched("check-fraud")'],
  },
  {
    workflowType: 'order',
    name: 'large orders only are checked for fraud',
    kind: 'add-condition',
    changes: [
      [
        'if workflow.patched("check-fraud"):',
        'if order.amount > 100 and workflow.patched("check-fraud"):',
      ],
    ],
    causes: ['patch-removed'],
    at: ['notify, "reserved"', 'asyncio.sleep(0.03)'],
  },
  {
    workflowType: 'order',
    name: 'payment in advance',
    kind: 'move-wait',
    changes: [
      ['        await workflow.wait_condition(lambda: self.paid >= order.amount)\n', ''],
      [
        'lambda: self.approved_by != ""',
        'lambda: self.approved_by != "" and self.paid >= order.amount',
      ],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['notify, "reserved"', 'charge, reservation'],
  },
  {
    workflowType: 'order',
    name: 'receipt from an ordinary activity',
    kind: 'local-to-activity',
    changes: [['workflow.execute_local_activity(', 'workflow.execute_activity(']],
    causes: ['command-added', 'command-replaced'],
    at: ['draw, order.order_id'],
  },
  {
    workflowType: 'order',
    name: 'a loop of timers instead of one',
    kind: 'split-timer',
    changes: [
      [
        '        await asyncio.sleep(0.03)',
        '        for part in (0.01, 0.02):\n            await asyncio.sleep(part)',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'order',
    name: 'no pause after the check',
    kind: 'remove-timer',
    changes: [['        await asyncio.sleep(0.03)\n', '']],
    causes: ['command-removed'],
    at: [
      'patched("check-fraud")',
      'await workflow.execute_activity(\n                check_fraud',
      'receipt = await',
      'draw, order',
    ],
  },
  {
    workflowType: 'order',
    name: 'a longer pause',
    kind: 'change-duration',
    changes: [['asyncio.sleep(0.03)', 'asyncio.sleep(0.05)']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'told in another word',
    kind: 'change-arguments',
    changes: [['notify, "approved"', 'notify, "granted"']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'more time to ship',
    kind: 'change-options',
    changes: [
      [
        'ship, order.order_id, start_to_close_timeout=TIMEOUT',
        'ship, order.order_id, start_to_close_timeout=2 * TIMEOUT',
      ],
    ],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'a greeting for new orders only',
    kind: 'add-patch',
    changes: [
      [
        '        reservation = await',
        '        if workflow.patched("greet"):\n            await workflow.execute_activity(notify, "hello", start_to_close_timeout=TIMEOUT)\n        reservation = await',
      ],
    ],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'the patch is deprecated',
    kind: 'deprecate-patch',
    changes: [
      [
        'if workflow.patched("check-fraud"):',
        'workflow.deprecate_patch("check-fraud")\n        if True:',
      ],
    ],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'the patch is not asked for any more',
    kind: 'remove-patch',
    changes: [['if workflow.patched("check-fraud"):', 'if order.order_id:']],
    causes: ['patch-removed'],
    at: [
      'notify, "reserved"',
      'check_fraud, order',
      'await workflow.execute_activity(\n                check',
    ],
  },
  {
    workflowType: 'order',
    name: 'the patch has another name',
    kind: 'rename-patch',
    changes: [['"check-fraud"', '"fraud-check"']],
    causes: ['patch-renamed'],
    at: ['asyncio.sleep(0.03)'],
  },
  {
    workflowType: 'order',
    name: 'shipped twice instead of charged',
    kind: 'replace-activity',
    changes: [['charge, reservation', 'ship, reservation']],
    causes: ['command-replaced'],
  },
  {
    workflowType: 'order',
    name: 'the payment comes under another name',
    kind: 'rename-handler',
    changes: [
      ['    @workflow.signal\n    def pay(', '    @workflow.signal(name="payment")\n    def pay('],
    ],
    causes: ['signal-handler-missing'],
    at: ['def pay('],
  },
  {
    workflowType: 'order',
    name: 'the workflow has another name',
    kind: 'rename-type',
    changes: [['@workflow.defn(name="order")', '@workflow.defn(name="purchase")']],
    causes: ['workflow-type-missing'],
    hasNoLine: true,
  },
  {
    workflowType: 'order',
    name: 'the time of day decides',
    kind: 'clock',
    changes: [
      ['from datetime import timedelta', 'from datetime import datetime, timedelta'],
      [
        '        await workflow.sleep(timedelta(milliseconds=20))',
        '        if datetime.now().hour >= 0:\n            await workflow.sleep(timedelta(milliseconds=20))',
      ],
    ],
    causes: ['workflow-threw', 'nondeterministic-source'],
  },
  {
    workflowType: 'order',
    name: 'a pause of any length',
    kind: 'random',
    changes: [['asyncio.sleep(0.03)', 'asyncio.sleep(0.03 + workflow.random().random() / 100)']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'small orders end early',
    kind: 'return-early',
    changes: [
      [
        '        await workflow.execute_activity(notify, "approved"',
        '        if order.amount < 100:\n            return "small"\n        await workflow.execute_activity(notify, "approved"',
      ],
    ],
    causes: ['workflow-ends-earlier'],
    at: ['receipt = await', 'draw, order.order_id'],
  },
  {
    workflowType: 'order',
    name: 'a mistake in the last line',
    kind: 'throw-later',
    changes: [['        return receipt\n', '        return receipt[order.missing]\n']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'a mistake after the approval',
    kind: 'throw',
    changes: [
      [
        '        receipt = await',
        '        if order.missing:\n            return ""\n        receipt = await',
      ],
    ],
    causes: ['workflow-threw'],
  },
  {
    workflowType: 'order',
    name: 'a method tells',
    kind: 'refactoring',
    changes: [
      [
        '        await workflow.execute_activity(notify, "approved", start_to_close_timeout=TIMEOUT)\n',
        '        await self.tell("approved")\n',
      ],
      [
        '    @workflow.run\n',
        '    async def tell(self, what: str) -> None:\n        await workflow.execute_activity(notify, what, start_to_close_timeout=TIMEOUT)\n\n    @workflow.run\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'order',
    name: 'what happens is logged',
    kind: 'add-log',
    changes: [
      [
        '        receipt = await',
        '        workflow.logger.info("on the way")\n        # What comes now is what it was.\n        receipt = await',
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
        `        parts = await asyncio.gather(
            *[
                workflow.execute_activity(draw, region, start_to_close_timeout=TIMEOUT)
                for region in summary.regions
            ]
        )
`,
        `        parts = [
            await workflow.execute_activity(draw, region, start_to_close_timeout=TIMEOUT)
            for region in summary.regions
        ]
`,
      ],
    ],
    causes: ['command-moved', 'command-removed'],
  },
  {
    workflowType: 'summary',
    name: 'one region at a time by a semaphore',
    kind: 'run-in-sequence',
    changes: [
      [
        `async def keep(what: str) -> str:
`,
        `async def draw_region(turn: asyncio.Semaphore, region: str) -> str:
    async with turn:
        return await workflow.execute_activity(draw, region, start_to_close_timeout=TIMEOUT)


async def keep(what: str) -> str:
`,
      ],
      [
        `        parts = await asyncio.gather(
            *[
                workflow.execute_activity(draw, region, start_to_close_timeout=TIMEOUT)
                for region in summary.regions
            ]
        )
`,
        `        turn = asyncio.Semaphore(1)
        parts = await asyncio.gather(*[draw_region(turn, one) for one in summary.regions])
`,
      ],
    ],
    causes: ['command-moved', 'command-removed'],
  },
  {
    workflowType: 'summary',
    name: 'one more region',
    kind: 'add-in-parallel',
    changes: [['for region in summary.regions', 'for region in [*summary.regions, "east"]']],
    causes: ['command-added'],
    at: ['workflow.execute_activity(draw, region'],
  },
  {
    workflowType: 'summary',
    name: 'one region less',
    kind: 'remove-in-parallel',
    changes: [['for region in summary.regions', 'for region in summary.regions[1:]']],
    causes: ['command-removed'],
    at: ['workflow.execute_activity(draw, region', 'asyncio.sleep(0.02),'],
  },
  {
    workflowType: 'summary',
    name: 'regions backwards',
    kind: 'swap-in-parallel',
    changes: [['for region in summary.regions', 'for region in reversed(summary.regions)']],
    // Only their arguments differ, which replay does not compare.
    causes: [],
  },
  {
    workflowType: 'summary',
    name: 'refunds before orders',
    kind: 'swap-in-parallel',
    changes: [
      ['        orders, refunds = await', '        refunds, orders = await'],
      ['count, f"orders of', 'store, f"refunds of'],
      ['store, f"refunds of', 'count, f"orders of'],
    ],
    causes: ['commands-reordered'],
    at: [
      '            workflow.execute_activity(\n                store',
      '            workflow.execute_activity(\n                count',
    ],
  },
  {
    workflowType: 'summary',
    name: 'refunds after orders',
    kind: 'run-in-sequence',
    changes: [
      [
        `        orders, refunds = await asyncio.gather(
            workflow.execute_activity(
                count, f"orders of {summary.summary_id}", start_to_close_timeout=TIMEOUT
            ),
            workflow.execute_activity(
                store, f"refunds of {summary.summary_id}", start_to_close_timeout=TIMEOUT
            ),
        )
`,
        `        orders = await workflow.execute_activity(
            count, f"orders of {summary.summary_id}", start_to_close_timeout=TIMEOUT
        )
        refunds = await workflow.execute_activity(
            store, f"refunds of {summary.summary_id}", start_to_close_timeout=TIMEOUT
        )
`,
      ],
    ],
    causes: ['command-moved', 'command-removed'],
  },
  {
    workflowType: 'summary',
    name: 'another pause at the same time',
    kind: 'add-in-parallel',
    changes: [
      [
        '            asyncio.sleep(0.02),\n',
        '            asyncio.sleep(0.02),\n            workflow.sleep(0.01),\n',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'summary',
    name: 'nobody is told while it pauses',
    kind: 'remove-in-parallel',
    changes: [
      [
        '            workflow.execute_activity(notify, self.requested_by, start_to_close_timeout=TIMEOUT),\n',
        '',
      ],
    ],
    causes: ['command-removed'],
    at: ['asyncio.sleep(0.02),', 'stored = ', 'workflow.execute_activity(store, what'],
  },
  {
    workflowType: 'summary',
    name: 'a race instead of a join',
    kind: 'replace-join',
    changes: [
      [
        `        await asyncio.gather(
            asyncio.sleep(0.02),
            workflow.execute_activity(notify, self.requested_by, start_to_close_timeout=TIMEOUT),
        )
`,
        `        pause = asyncio.create_task(asyncio.sleep(0.02))
        await workflow.execute_activity(notify, self.requested_by, start_to_close_timeout=TIMEOUT)
        await pause
`,
      ],
    ],
    // The pause begins when the first task of it does: after what is called at once.
    causes: ['commands-reordered'],
  },
  {
    workflowType: 'summary',
    name: 'the printer is reserved first',
    kind: 'swap-in-parallel',
    changes: [
      ['        stored = asyncio.create_task(keep("the text"))\n', ''],
      [
        `            workflow.execute_activity(reserve, "the printer", start_to_close_timeout=TIMEOUT)
        )
`,
        `            workflow.execute_activity(reserve, "the printer", start_to_close_timeout=TIMEOUT)
        )
        stored = asyncio.create_task(keep("the text"))
`,
      ],
    ],
    causes: ['commands-reordered'],
    at: [
      'reserved = asyncio.create_task(',
      'workflow.execute_activity(reserve',
      'workflow.execute_activity(store, what',
    ],
  },
  {
    workflowType: 'summary',
    name: 'no printer',
    kind: 'remove-in-parallel',
    changes: [
      [
        `        reserved = asyncio.create_task(
            workflow.execute_activity(reserve, "the printer", start_to_close_timeout=TIMEOUT)
        )
`,
        '',
      ],
      ['as_completed([stored, reserved])', 'as_completed([stored])'],
    ],
    causes: ['command-removed'],
    at: [
      'stored = ',
      'workflow.execute_activity(store, what',
      'await asyncio.sleep(0.02)',
      'charge, ',
    ],
  },
  {
    workflowType: 'summary',
    name: 'the text is stored within an hour',
    kind: 'add-time-out',
    changes: [
      [
        'asyncio.create_task(keep("the text"))',
        'asyncio.create_task(asyncio.wait_for(keep("the text"), 3600))',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'summary',
    name: 'a task group',
    kind: 'refactoring',
    changes: [
      [
        `        await asyncio.gather(
            asyncio.sleep(0.02),
            workflow.execute_activity(notify, self.requested_by, start_to_close_timeout=TIMEOUT),
        )
`,
        `        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0.02))
            group.create_task(
                workflow.execute_activity(notify, self.requested_by, start_to_close_timeout=TIMEOUT)
            )
`,
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'summary',
    name: 'a longer pause at the same time',
    kind: 'change-duration',
    changes: [['asyncio.sleep(0.02),', 'asyncio.sleep(0.04),']],
    causes: [],
  },
  {
    workflowType: 'summary',
    name: 'other refunds',
    kind: 'change-arguments',
    changes: [['f"refunds of', 'f"returns of']],
    causes: [],
  },
  {
    workflowType: 'summary',
    name: 'published before it is drawn',
    kind: 'move-wait',
    changes: [
      ['lambda: self.requested_by != ""', 'lambda: self.requested_by != "" and self.published'],
    ],
    causes: ['command-moved', 'command-removed'],
    at: [
      'store, f"refunds of',
      'count, f"orders of',
      'orders, refunds = ',
      'draw, region',
      '            workflow.execute_activity(\n',
    ],
  },
  {
    workflowType: 'summary',
    name: 'stored by a closure',
    kind: 'refactoring',
    changes: [
      [
        '        stored = asyncio.create_task(keep("the text"))\n',
        '        async def storing(what: str) -> str:\n            return await keep(what)\n\n        stored = asyncio.create_task(storing("the text"))\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'summary',
    name: 'the paper is shipped to whoever asked',
    kind: 'throw-later',
    changes: [['ship, "the paper"', 'ship, "the paper of " + self.nobody']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'the validator refuses small deposits',
    kind: 'stricter-validator',
    changes: [['if amount <= 0:', 'if amount <= 10:']],
    causes: ['update-handler-missing'],
  },
  {
    workflowType: 'account',
    name: 'the deposit is recorded before it is charged',
    kind: 'add-in-handler',
    changes: [
      [
        '        await workflow.execute_activity(charge, str(amount)',
        '        await workflow.execute_activity(store, str(amount), start_to_close_timeout=TIMEOUT)\n        await workflow.execute_activity(charge, str(amount)',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'account',
    name: 'the deposit is not charged',
    kind: 'remove-in-handler',
    changes: [
      [
        '        await workflow.execute_activity(charge, str(amount), start_to_close_timeout=TIMEOUT)\n',
        '',
      ],
    ],
    causes: ['command-removed'],
    // The handler's place is where it is defined.
    at: [
      'async def deposit',
      '    @workflow.update\n    async def deposit',
      'self.balance += amount',
      'return self.balance',
      'notify, "first',
    ],
  },
  {
    workflowType: 'account',
    name: 'no handler for a new owner',
    kind: 'remove-handler',
    changes: [
      [
        `    @workflow.update
    def change_owner(self, owner: str) -> str:
        self.owner = owner
        return self.owner

`,
        '',
      ],
    ],
    causes: ['update-handler-missing'],
    // The handlers beside the gap, too: it is among them that one is missing.
    at: [
      '@workflow.update\n    async def deposit(',
      '@workflow.signal\n    def confirm(',
      'notify, "first',
      'workflow.upsert_memo(',
    ],
  },
  {
    workflowType: 'account',
    name: 'the memo is not kept',
    kind: 'remove-upsert',
    changes: [['        workflow.upsert_memo({"owner": self.owner})\n', '']],
    causes: ['command-removed'],
    at: ['execute_child_workflow(', 'StatementWorkflow.run, ', 'notify, "first'],
  },
  {
    workflowType: 'account',
    name: 'memo instead of search attributes',
    kind: 'replace-upsert',
    changes: [
      [
        'workflow.upsert_search_attributes([CUSTOMER.value_set(account.owner)])',
        'workflow.upsert_memo({"customer": account.owner})',
      ],
    ],
    causes: ['command-replaced'],
  },
  {
    workflowType: 'account',
    name: 'searched for in capitals',
    kind: 'change-arguments',
    changes: [['CUSTOMER.value_set(account.owner)', 'CUSTOMER.value_set(account.owner.upper())']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'the statement has another ID',
    kind: 'change-child-id',
    changes: [['-statement"', '-paper"']],
    causes: ['identifier-differs'],
    at: ['execute_child_workflow('],
  },
  {
    workflowType: 'account',
    name: 'the child has another type',
    kind: 'replace-child',
    changes: [['@workflow.defn(name="statement")', '@workflow.defn(name="bill")']],
    causes: ['command-replaced'],
    at: ['execute_child_workflow(', 'StatementWorkflow.run, '],
  },
  {
    workflowType: 'account',
    name: 'nobody waits for the statement',
    kind: 'remove-join',
    changes: [['await workflow.execute_child_workflow(', 'await workflow.start_child_workflow(']],
    causes: ['command-moved'],
    at: ['await workflow.execute_activity(\n                refuse', '                refuse,'],
  },
  {
    workflowType: 'account',
    name: 'credit is asked for three times',
    kind: 'change-options',
    changes: [['maximum_attempts=2', 'maximum_attempts=3']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'no credit is no matter',
    kind: 'swallow',
    changes: [
      [
        '            await workflow.execute_activity(store, "no credit", start_to_close_timeout=TIMEOUT)\n',
        '            pass\n',
      ],
    ],
    causes: ['command-removed'],
    at: [
      'await workflow.execute_activity(\n                refuse',
      '                refuse,',
      'timeout=3600',
    ],
  },
  {
    workflowType: 'account',
    name: 'no credit ends it',
    kind: 'remove-catch',
    changes: [['except ActivityError:', 'except ZeroDivisionError:']],
    causes: ['workflow-ends-earlier'],
    at: ['await workflow.execute_activity(\n                refuse', '                refuse,'],
  },
  {
    workflowType: 'account',
    name: 'any time for the confirmation',
    kind: 'remove-time-out',
    changes: [
      [
        'workflow.wait_condition(lambda: self.confirmed, timeout=3600)',
        'workflow.wait_condition(lambda: self.confirmed)',
      ],
    ],
    causes: ['command-removed'],
    at: [
      'store, "no credit"',
      'audit, f"month',
      'await workflow.execute_activity(\n                audit',
    ],
  },
  {
    workflowType: 'account',
    name: 'two hours for the confirmation',
    kind: 'change-duration',
    changes: [['timeout=3600', 'timeout=7200']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'two months only',
    kind: 'shorter-loop',
    changes: [['range(1, 4)', 'range(1, 3)']],
    causes: ['command-removed', 'command-moved'],
    at: [
      'audit, f"month',
      'await workflow.execute_activity(\n                audit',
      'asyncio.sleep(0.02)',
      'notify, self.owner',
    ],
  },
  {
    workflowType: 'account',
    name: 'four months',
    kind: 'longer-loop',
    changes: [['range(1, 4)', 'range(1, 5)']],
    causes: ['command-added'],
    at: ['audit, f"month', 'await workflow.execute_activity(\n                audit'],
  },
  {
    workflowType: 'account',
    name: 'the pause is a month earlier',
    kind: 'change-branch',
    changes: [['if month == 2:', 'if month == 1:']],
    causes: ['command-added', 'command-moved'],
    at: ['await asyncio.sleep(0.02)'],
  },
  {
    workflowType: 'account',
    name: 'the next year has another owner',
    kind: 'change-continuation',
    changes: [
      [
        'AccountInput(self.owner, account.year + 1)',
        'AccountInput(account.owner, account.year + 1)',
      ],
    ],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'no next year',
    kind: 'remove-continuation',
    changes: [['if account.year < 2:', 'if account.year < 1:']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'closing is recorded by its handler',
    kind: 'add-in-handler',
    changes: [
      [
        '        self.closed = True\n',
        '        await workflow.execute_activity(store, "closing", start_to_close_timeout=TIMEOUT)\n        self.closed = True\n',
      ],
    ],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'a while loop',
    kind: 'refactoring',
    changes: [
      [
        '        for month in range(1, 4):\n',
        '        month = 0\n        while month < 3:\n            month += 1\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'onboarding',
    name: 'no laptop after all',
    kind: 'change-branch',
    changes: [['if onboarding.laptop:', 'if not onboarding.laptop:']],
    causes: ['command-removed'],
    at: ['draw, self.contract', 'contract = await', 'desk = await', 'DeskWorkflow.run, '],
  },
  {
    workflowType: 'onboarding',
    name: 'any time for the contract',
    kind: 'remove-time-out',
    changes: [
      [
        `        async with asyncio.timeout(3600):
            await workflow.wait_condition(lambda: self.contract != "")
`,
        `        await workflow.wait_condition(lambda: self.contract != "")
`,
      ],
    ],
    causes: ['command-removed'],
    at: ['draw, self.contract', 'contract = await'],
  },
  {
    workflowType: 'onboarding',
    name: 'half an hour for the contract',
    kind: 'change-duration',
    changes: [['asyncio.timeout(3600)', 'asyncio.timeout(1800)']],
    causes: [],
  },
  {
    workflowType: 'onboarding',
    name: 'a badge for everybody',
    kind: 'remove-patch',
    changes: [
      [
        `        if workflow.patched("badge"):
            await asyncio.wait_for(self.make_badge(contract), timeout=3600)
`,
        `        await asyncio.wait_for(self.make_badge(contract), timeout=3600)
`,
      ],
    ],
    causes: ['patch-removed'],
    at: ['desk = await', 'DeskWorkflow.run, '],
  },
  {
    workflowType: 'onboarding',
    name: 'any time for the badge',
    kind: 'remove-time-out',
    changes: [
      [
        'await asyncio.wait_for(self.make_badge(contract), timeout=3600)',
        'await self.make_badge(contract)',
      ],
    ],
    causes: ['command-removed'],
    at: ['patched("badge")', 'charge, contract'],
  },
  {
    workflowType: 'onboarding',
    name: 'the team is told before it is counted',
    kind: 'swap-in-parallel',
    changes: [
      [
        `        size, told = await asyncio.gather(
            workflow.execute_activity(count, contract, start_to_close_timeout=TIMEOUT),
            workflow.execute_activity(notify, "the team", start_to_close_timeout=TIMEOUT),
`,
        `        told, size = await asyncio.gather(
            workflow.execute_activity(notify, "the team", start_to_close_timeout=TIMEOUT),
            workflow.execute_activity(count, contract, start_to_close_timeout=TIMEOUT),
`,
      ],
    ],
    causes: ['commands-reordered'],
  },
  {
    workflowType: 'onboarding',
    name: 'nothing is stored when it is handed over',
    kind: 'remove-in-handler',
    changes: [
      [
        '        await workflow.execute_activity(store, "handed over", start_to_close_timeout=TIMEOUT)\n',
        '',
      ],
    ],
    causes: ['command-removed', 'command-moved'],
    at: [
      'workflow.execute_activity(count',
      'charge, contract',
      'asyncio.wait_for(',
      'patched("badge")',
      'self.equipped = True',
      'async def hand_over',
    ],
  },
  {
    workflowType: 'onboarding',
    name: 'the desk is awaited at once',
    kind: 'add-join',
    changes: [
      [
        'desk = await workflow.start_child_workflow(',
        'desk = await workflow.execute_child_workflow(',
      ],
      ['        await desk\n', '        workflow.logger.info(desk)\n'],
    ],
    causes: ['command-moved', 'command-removed'],
  },
  {
    workflowType: 'onboarding',
    name: 'paid back before the pause',
    kind: 'swap-neighbours',
    changes: [
      [
        `        await asyncio.sleep(0.02)
        await workflow.execute_activity(refund, told, start_to_close_timeout=TIMEOUT)
`,
        `        await workflow.execute_activity(refund, told, start_to_close_timeout=TIMEOUT)
        await asyncio.sleep(0.02)
`,
      ],
    ],
    causes: ['command-moved', 'commands-reordered'],
  },
  {
    workflowType: 'onboarding',
    name: 'the team hears of the person',
    kind: 'change-arguments',
    changes: [['notify, "the team"', 'notify, onboarding.person']],
    causes: [],
  },
  {
    workflowType: 'onboarding',
    name: 'the badge is made in the place where it is waited for',
    kind: 'refactoring',
    changes: [
      [
        'await asyncio.wait_for(self.make_badge(contract), timeout=3600)',
        `await asyncio.wait_for(
                workflow.execute_activity(charge, contract, start_to_close_timeout=TIMEOUT),
                timeout=3600,
            )`,
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'onboarding',
    name: 'the size is called length',
    kind: 'rename-variable',
    changes: [
      ['        size, told = await', '        length, told = await'],
      ['notify, str(size)', 'notify, str(length)'],
    ],
    causes: [],
    equivalent: true,
  },
];
