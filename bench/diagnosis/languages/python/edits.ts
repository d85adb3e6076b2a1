import type { ByHand } from '../../edits/by-hand.js';

/** Edits of the corpus in Python as people make them. */
export const PYTHON_EDITS: readonly ByHand[] = [
  {
    workflowType: 'order',
    name: 'fraud check before the reservation',
    kind: 'add-activity',
    changes: [
      [
        '        reservation = await workflow.execute_activity(\n',
        '        await workflow.execute_activity(check_fraud, "", start_to_close_timeout=TIMEOUT)\n        reservation = await workflow.execute_activity(\n',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'summary',
    name: 'names for the parts',
    kind: 'refactoring',
    changes: [
      [
        '        parts = await asyncio.gather(*[collect(region) for region in summary.regions])',
        '        collections = [collect(region) for region in summary.regions]\n        # All at the same time.\n        parts = await asyncio.gather(*collections)',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'account',
    name: 'no memo',
    kind: 'remove-upsert',
    changes: [['        workflow.upsert_memo({"owner": self.owner})\n', '']],
    causes: ['command-removed'],
    at: [
      'await workflow.execute_child_workflow(',
      'await workflow.execute_activity(notify, "first',
    ],
  },
  {
    workflowType: 'onboarding',
    name: 'no laptop',
    kind: 'change-branch',
    changes: [['if onboarding.laptop:', 'if not onboarding.laptop:']],
    causes: ['command-removed'],
    at: ['desk = await', 'draw, self.contract'],
  },
];
