import type { ByHand } from '../../edits/by-hand.js';

/** A statement that runs an activity and returns its error; of workflows whose result is zero in this way. */
function run(activity: string, what: string, zero: string, indentation = '\t'): string {
  return [
    `if err := workflow.ExecuteActivity(ctx, activities.${activity}, ${what}).Get(ctx, nil); err != nil {`,
    `${indentation}\treturn ${zero}`,
    `${indentation}}`,
  ].join('\n');
}

const ORDER: readonly Omit<ByHand, 'workflowType'>[] = [
  {
    name: 'fraud check before the reservation',
    kind: 'add-activity',
    changes: [
      [
        '\tvar reservation string\n',
        `\t${run('CheckFraud', 'input.OrderID', '"", err')}\n\tvar reservation string\n`,
      ],
    ],
    causes: ['command-added'],
  },
  {
    name: 'nobody is told of the reservation',
    kind: 'remove-activity',
    changes: [[`\t${run('Notify', '"reserved"', '"", err')}\n`, '']],
    causes: ['command-removed'],
    at: ['activities.Reserve,', 'workflow.GetVersion('],
  },
  {
    name: 'another activity reserves',
    kind: 'replace-activity',
    changes: [['activities.Reserve,', 'activities.Store,']],
    causes: ['command-replaced'],
  },
  {
    name: 'told after shipping instead of before',
    kind: 'move-command',
    changes: [
      [`\t${run('Notify', '"reserved"', '"", err')}\n`, ''],
      [
        '\tdeliveries.Receive(ctx, nil)\n',
        `\t${run('Notify', '"reserved"', '"", err')}\n\tdeliveries.Receive(ctx, nil)\n`,
      ],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['activities.Reserve,', 'workflow.GetVersion('],
  },
  {
    name: 'a longer pause',
    kind: 'change-duration',
    changes: [['30*time.Millisecond', '300*time.Millisecond']],
    causes: [],
  },
  {
    name: 'a pause of random length',
    kind: 'nondeterministic-source',
    changes: [
      ['30*time.Millisecond', 'time.Duration(31+time.Now().UnixNano()%500)*time.Millisecond'],
    ],
    causes: [],
  },
  {
    name: 'no pause',
    kind: 'remove-timer',
    changes: [
      [
        '\tif err := workflow.Sleep(ctx, 30*time.Millisecond); err != nil {\n\t\treturn "", err\n\t}\n',
        '',
      ],
    ],
    causes: ['command-removed'],
    at: ['activities.CheckFraud,', 'activities.Format,'],
  },
  {
    name: 'a pause before anybody is told',
    kind: 'add-timer',
    changes: [
      [
        `\t${run('Notify', '"reserved"', '"", err')}\n`,
        `\t_ = workflow.Sleep(ctx, time.Second)\n\t${run('Notify', '"reserved"', '"", err')}\n`,
      ],
    ],
    causes: ['command-added'],
    at: ['activities.Notify, "reserved"'],
  },
  {
    name: 'a loop of timers instead of one',
    kind: 'split-timer',
    changes: [
      [
        '\tif err := workflow.Sleep(ctx, 30*time.Millisecond); err != nil {\n\t\treturn "", err\n\t}\n',
        '\tfor _, part := range []time.Duration{10, 20} {\n\t\tif err := workflow.Sleep(ctx, part*time.Millisecond); err != nil {\n\t\t\treturn "", err\n\t\t}\n\t}\n',
      ],
    ],
    causes: ['command-added'],
  },
  {
    name: 'more time for activities',
    kind: 'change-option',
    changes: [['StartToCloseTimeout: 10 * time.Second', 'StartToCloseTimeout: time.Minute']],
    causes: [],
  },
  {
    name: 'another word for approved',
    kind: 'change-argument',
    changes: [['activities.Notify, "approved"', 'activities.Notify, "agreed"']],
    causes: [],
  },
  {
    name: 'fraud is checked always',
    kind: 'remove-patch',
    changes: [
      [
        'if workflow.GetVersion(ctx, "check-fraud", workflow.DefaultVersion, 1) == 1 {',
        'if input.OrderID != "" {',
      ],
    ],
    causes: ['patch-removed'],
    at: ['activities.CheckFraud,', 'activities.Notify, "reserved"'],
  },
  {
    name: 'large orders only are checked for fraud',
    kind: 'add-condition',
    changes: [['if workflow.GetVersion(', 'if input.Amount > 100 && workflow.GetVersion(']],
    causes: ['patch-removed', 'command-removed'],
    at: ['activities.Notify, "reserved"', 'workflow.Sleep(ctx, 30'],
  },
  {
    name: 'the version has another name',
    kind: 'rename-patch',
    changes: [['"check-fraud"', '"fraud-check"']],
    causes: ['patch-renamed', 'patch-removed'],
    at: ['activities.CheckFraud,'],
  },
  {
    name: 'the version of the histories is not supported',
    kind: 'raise-minimum',
    changes: [['"check-fraud", workflow.DefaultVersion, 1) == 1', '"check-fraud", 2, 2) == 2']],
    causes: ['version-range-left'],
  },
  {
    name: 'a second version of the fraud check',
    kind: 'add-version',
    changes: [
      [
        '"check-fraud", workflow.DefaultVersion, 1) == 1',
        '"check-fraud", workflow.DefaultVersion, 2) >= 1',
      ],
    ],
    causes: [],
  },
  {
    name: 'an audit behind a version',
    kind: 'add-patch',
    changes: [
      [
        '\tvar reservation string\n',
        `\tif workflow.GetVersion(ctx, "audit", workflow.DefaultVersion, 1) == 1 {\n\t\t${run('Audit', 'input.OrderID', '"", err', '\t\t')}\n\t}\n\tvar reservation string\n`,
      ],
    ],
    causes: [],
  },
  {
    name: 'more than the amount must be paid',
    kind: 'change-condition',
    changes: [['paid < input.Amount;', 'paid <= input.Amount;']],
    causes: ['command-removed', 'command-moved'],
    at: ['activities.Notify, "approved"', 'activities.Charge,', 'payments.Receive('],
  },
  {
    name: 'payment in advance',
    kind: 'move-wait',
    changes: [
      [
        '\tfor paid := 0; paid < input.Amount; {\n\t\tvar amount int\n\t\tpayments.Receive(ctx, &amount)\n\t\tpaid += amount\n\t}\n',
        '',
      ],
      [
        '\tvar approvedBy string\n',
        '\tfor paid := 0; paid < input.Amount; {\n\t\tvar amount int\n\t\tpayments.Receive(ctx, &amount)\n\t\tpaid += amount\n\t}\n\tvar approvedBy string\n',
      ],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['activities.Notify, "reserved"', 'workflow.GetVersion('],
  },
  {
    name: 'receipt from an ordinary activity',
    kind: 'local-to-activity',
    changes: [
      [
        'workflow.ExecuteLocalActivity(ctx, activities.Format',
        'workflow.ExecuteActivity(ctx, activities.Format',
      ],
    ],
    causes: ['command-added', 'command-replaced'],
  },
  {
    name: 'charged by a local activity',
    kind: 'activity-to-local',
    changes: [
      [
        'workflow.ExecuteActivity(ctx, activities.Charge',
        'workflow.ExecuteLocalActivity(ctx, activities.Charge',
      ],
    ],
    causes: ['command-added', 'command-replaced', 'command-removed'],
  },
  {
    name: 'payments by a signal of another name',
    kind: 'rename-signal',
    changes: [
      ['workflow.GetSignalChannel(ctx, "pay")', 'workflow.GetSignalChannel(ctx, "payment")'],
    ],
    causes: ['signal-handler-missing'],
    at: ['activities.Notify, "approved"', 'payments.Receive('],
  },
  {
    name: 'a signal for notes',
    kind: 'add-handler',
    changes: [
      [
        '\tvar reservation string\n',
        '\tnotes := workflow.GetSignalChannel(ctx, "note")\n\tworkflow.Go(ctx, func(ctx workflow.Context) {\n\t\tfor note := ""; ; {\n\t\t\tnotes.Receive(ctx, &note)\n\t\t}\n\t})\n\tvar reservation string\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    name: 'the clock decides',
    kind: 'nondeterministic-source',
    changes: [
      [
        '\tvar approvedBy string\n',
        `\tif time.Now().Year() > 2000 {\n\t\t${run('Audit', 'input.OrderID', '"", err', '\t\t')}\n\t}\n\tvar approvedBy string\n`,
      ],
    ],
    // The line of the Go function that asks the clock is the same in each replay: nothing varies.
    causes: ['command-added', 'nondeterministic-source'],
  },
  {
    name: 'it is over after the reservation',
    kind: 'return-early',
    changes: [
      [
        `\t${run('Notify', '"reserved"', '"", err')}\n`,
        `\tif input.Amount > 0 {\n\t\treturn "refused", nil\n\t}\n\t${run('Notify', '"reserved"', '"", err')}\n`,
      ],
    ],
    causes: ['workflow-ends-earlier'],
    // The end of a workflow has no line of its own: the last command before it is right, too.
    at: ['activities.Reserve,'],
  },
  {
    name: 'it fails in the end',
    kind: 'end-otherwise',
    changes: [
      [
        '\treturn receipt, nil\n}',
        '\treturn "", temporal.NewApplicationError("no receipt", "NoReceipt")\n}',
      ],
      [
        '\t"go.temporal.io/sdk/worker"\n',
        '\t"go.temporal.io/sdk/temporal"\n\t"go.temporal.io/sdk/worker"\n',
      ],
    ],
    causes: [],
  },
  {
    name: 'the type has another name',
    kind: 'rename-workflow-type',
    changes: [
      ['workflow.RegisterOptions{Name: "order"}', 'workflow.RegisterOptions{Name: "purchase"}'],
    ],
    causes: ['workflow-type-missing'],
    hasNoLine: true,
  },
  {
    name: 'it panics in the end',
    kind: 'throw-later',
    changes: [
      [
        '\tdeliveries.Receive(ctx, nil)\n',
        '\tdeliveries.Receive(ctx, nil)\n\tif approvedBy != "" {\n\t\tpanic("nobody is there")\n\t}\n',
      ],
    ],
    causes: [],
  },
  {
    name: 'it panics after the reservation',
    kind: 'throw',
    changes: [
      [
        '\tvar approvedBy string\n',
        '\tif reservation != "" {\n\t\tpanic("nothing is free")\n\t}\n\tvar approvedBy string\n',
      ],
    ],
    causes: ['workflow-threw'],
  },
  {
    name: 'the input has another type',
    kind: 'change-input',
    changes: [
      ['OrderID string `json:"orderId"`', 'OrderID int    `json:"orderId"`'],
      ['activities.Reserve, input.OrderID', 'activities.Reserve, fmt.Sprint(input.OrderID)'],
      ['activities.CheckFraud, input.OrderID', 'activities.CheckFraud, fmt.Sprint(input.OrderID)'],
      ['activities.Format, input.OrderID', 'activities.Format, fmt.Sprint(input.OrderID)'],
      ['activities.Ship, input.OrderID', 'activities.Ship, fmt.Sprint(input.OrderID)'],
      ['import (\n', 'import (\n\t"fmt"\n'],
    ],
    causes: ['payload-not-decodable'],
    hasNoLine: true,
  },
  {
    name: 'the failure of shipping is swallowed',
    kind: 'swallow-error',
    changes: [
      [
        run('Ship', 'input.OrderID', '"", err'),
        '_ = workflow.ExecuteActivity(ctx, activities.Ship, input.OrderID).Get(ctx, nil)',
      ],
    ],
    causes: [],
  },
  {
    name: 'another name for a variable',
    kind: 'rename-variable',
    changes: [
      ['\tvar reservation string\n', '\tvar reserved string\n'],
      ['.Get(ctx, &reservation)', '.Get(ctx, &reserved)'],
      ['activities.Charge, reservation)', 'activities.Charge, reserved)'],
    ],
    causes: [],
    equivalent: true,
  },
  {
    name: 'a function runs activities',
    kind: 'refactoring',
    changes: [
      [
        run('Notify', '"reserved"', '"", err'),
        'if err := run(ctx, activities.Notify, "reserved"); err != nil {\n\t\treturn "", err\n\t}',
      ],
      [
        run('Ship', 'input.OrderID', '"", err'),
        'if err := run(ctx, activities.Ship, input.OrderID); err != nil {\n\t\treturn "", err\n\t}',
      ],
      [
        '\treturn receipt, nil\n}\n',
        '\treturn receipt, nil\n}\n\nfunc run(ctx workflow.Context, activity any, what string) error {\n\treturn workflow.ExecuteActivity(ctx, activity, what).Get(ctx, nil)\n}\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    name: 'it logs',
    kind: 'log',
    changes: [
      [
        '\tvar approvedBy string\n',
        '\tworkflow.GetLogger(ctx).Info("reserved", "order", input.OrderID)\n\tvar approvedBy string\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    name: 'a comment',
    kind: 'comment',
    changes: [
      [
        '\tvar approvedBy string\n',
        '\t// Somebody says that it is in order.\n\tvar approvedBy string\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
];

const REGIONS = `	for index, region := range input.Regions {
		formatted.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer formatted.Done()
			formatting := workflow.ExecuteActivity(ctx, activities.Format, region)
			_ = formatting.Get(ctx, &texts[index])
		})
	}
`;

const SUMMARY: readonly Omit<ByHand, 'workflowType'>[] = [
  {
    name: 'regions one after the other',
    kind: 'run-in-sequence',
    changes: [
      [
        REGIONS,
        '\tfor index, region := range input.Regions {\n\t\t_ = workflow.ExecuteActivity(ctx, activities.Format, region).Get(ctx, &texts[index])\n\t}\n',
      ],
    ],
    causes: ['command-moved', 'command-removed'],
  },
  {
    name: 'one more region',
    kind: 'add-in-parallel',
    changes: [
      ['range input.Regions {', 'range append(input.Regions, "east") {'],
      ['make([]string, len(input.Regions))', 'make([]string, len(input.Regions)+1)'],
    ],
    causes: ['command-added'],
    at: ['activities.Format, region'],
  },
  {
    name: 'one region less',
    kind: 'remove-in-parallel',
    changes: [['range input.Regions {', 'range input.Regions[1:] {']],
    causes: ['command-removed'],
    at: ['activities.Format, region', 'workflow.NewTimer(', 'activities.Store, "refunds of '],
  },
  {
    name: 'regions in the order of the alphabet, backwards',
    kind: 'swap-in-parallel',
    changes: [
      [
        'activities.Format, region)',
        'activities.Format, input.Regions[len(input.Regions)-1-index])',
      ],
      ['range input.Regions {', 'range input.Regions {\n\t\t_ = region'],
    ],
    causes: [],
  },
  {
    name: 'refunds are stored before orders are counted',
    kind: 'swap-commands',
    changes: [
      [
        '\tcounting := workflow.ExecuteActivity(ctx, activities.Count, "orders of "+input.SummaryID)\n\tstoring := workflow.ExecuteActivity(ctx, activities.Store, "refunds of "+input.SummaryID)\n',
        '\tstoring := workflow.ExecuteActivity(ctx, activities.Store, "refunds of "+input.SummaryID)\n\tcounting := workflow.ExecuteActivity(ctx, activities.Count, "orders of "+input.SummaryID)\n',
      ],
    ],
    causes: ['commands-reordered'],
  },
  {
    name: 'the refunds wait for the orders',
    kind: 'run-in-sequence',
    changes: [
      [
        '\tstoring := workflow.ExecuteActivity(ctx, activities.Store, "refunds of "+input.SummaryID)\n',
        '',
      ],
      [
        '\tif err := storing.Get(ctx, nil); err != nil {',
        '\tif err := workflow.ExecuteActivity(ctx, activities.Store, "refunds of "+input.SummaryID).Get(ctx, nil); err != nil {',
      ],
    ],
    causes: ['command-moved'],
    at: ['activities.Count,'],
  },
  {
    name: 'a selector that is content with the first',
    kind: 'replace-join',
    changes: [['for ready < 2 {', 'for ready < 1 {']],
    causes: [],
  },
  {
    name: 'no pause beside telling',
    kind: 'remove-timer',
    changes: [
      ['\tpause := workflow.NewTimer(ctx, 20*time.Millisecond)\n', ''],
      ['\t\tAddFuture(pause, func(workflow.Future) { ready++ }).\n', ''],
      ['for ready < 2 {', 'for ready < 1 {'],
    ],
    causes: ['command-removed'],
    at: ['activities.Notify, requestedBy', 'activities.Format, region'],
  },
  {
    name: 'who asked is told by a closure of the selector',
    kind: 'move-into-closure',
    changes: [
      ['\ttelling := workflow.ExecuteActivity(ctx, activities.Notify, requestedBy)\n', ''],
      [
        '\t\tAddFuture(pause, func(workflow.Future) { ready++ }).\n\t\tAddFuture(telling, func(workflow.Future) { ready++ })\n',
        '\t\tAddFuture(pause, func(workflow.Future) {\n\t\t\tready = 2\n\t\t\t_ = workflow.ExecuteActivity(ctx, activities.Notify, requestedBy).Get(ctx, nil)\n\t\t})\n',
      ],
    ],
    causes: ['command-moved'],
    at: ['workflow.NewTimer('],
  },
  {
    name: 'a pause before storing',
    kind: 'swap-in-closure',
    changes: [
      [
        '\t\t_ = workflow.ExecuteActivity(ctx, activities.Store, what).Get(ctx, nil)\n\t\t_ = workflow.Sleep(ctx, 20*time.Millisecond)\n',
        '\t\t_ = workflow.Sleep(ctx, 20*time.Millisecond)\n\t\t_ = workflow.ExecuteActivity(ctx, activities.Store, what).Get(ctx, nil)\n',
      ],
    ],
    causes: ['commands-reordered', 'command-moved', 'command-added'],
  },
  {
    name: 'nobody is told that it is published',
    kind: 'remove-in-closure',
    changes: [
      ['\t\t_ = workflow.ExecuteActivity(ctx, activities.Notify, what).Get(ctx, nil)\n', ''],
    ],
    causes: ['command-removed'],
    at: ['_ = workflow.Sleep(', 'activities.Charge,'],
  },
  {
    name: 'one more is told in the closure',
    kind: 'add-in-closure',
    changes: [
      [
        '\t\t_ = workflow.Sleep(ctx, 20*time.Millisecond)\n',
        '\t\t_ = workflow.Sleep(ctx, 20*time.Millisecond)\n\t\t_ = workflow.ExecuteActivity(ctx, activities.Audit, what).Get(ctx, nil)\n',
      ],
    ],
    causes: ['command-added'],
  },
  {
    name: 'the chart is published too',
    kind: 'add-goroutine',
    changes: [
      [
        '\t\tpublish(ctx, "the text")\n\t})\n',
        '\t\tpublish(ctx, "the text")\n\t})\n\tworkflow.Go(ctx, func(ctx workflow.Context) {\n\t\tpublish(ctx, "the chart")\n\t})\n',
      ],
    ],
    causes: ['command-added'],
    // The closure's own line issues it, for both.
    at: ['activities.Store, what'],
  },
  {
    name: 'published without a goroutine',
    kind: 'refactoring',
    changes: [
      [
        '\tpublished := workflow.NewChannel(ctx)\n',
        '\tpublished := workflow.NewBufferedChannel(ctx, 1)\n',
      ],
      [
        '\tworkflow.Go(ctx, func(ctx workflow.Context) {\n\t\tpublish(ctx, "the text")\n\t})\n',
        '\tpublish(ctx, "the text")\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    name: 'charged while it is published',
    kind: 'move-before-wait',
    changes: [
      [`\t${run('Charge', 'input.SummaryID', '0, err')}\n`, ''],
      [
        '\tpublished.Receive(ctx, nil)\n',
        `\t${run('Charge', 'input.SummaryID', '0, err')}\n\tpublished.Receive(ctx, nil)\n`,
      ],
    ],
    causes: ['command-moved'],
    at: ['activities.Store, what'],
  },
  {
    name: 'a panic in the closure',
    kind: 'throw',
    changes: [
      [
        '\t\t_ = workflow.Sleep(ctx, 20*time.Millisecond)\n',
        '\t\tif what != "" {\n\t\t\tpanic("no room for " + what)\n\t\t}\n\t\t_ = workflow.Sleep(ctx, 20*time.Millisecond)\n',
      ],
    ],
    causes: ['workflow-threw'],
  },
  {
    name: 'a text that is not there',
    kind: 'throw',
    changes: [
      [
        '\tpublications.Receive(ctx, nil)\n',
        '\tworkflow.GetLogger(ctx).Info(texts[len(texts)])\n\tpublications.Receive(ctx, nil)\n',
      ],
    ],
    causes: ['workflow-threw'],
  },
  {
    name: 'activities of regions show that they live',
    kind: 'change-option',
    changes: [
      [
        'workflow.ExecuteActivity(ctx, activities.Format, region)',
        'workflow.ExecuteActivity(workflow.WithHeartbeatTimeout(ctx, time.Second), activities.Format, region)',
      ],
    ],
    causes: [],
  },
  {
    name: 'who asked is audited',
    kind: 'replace-activity',
    changes: [['activities.Notify, requestedBy', 'activities.Audit, requestedBy']],
    causes: ['command-replaced'],
  },
  {
    name: 'a function formats a region',
    kind: 'refactoring',
    changes: [
      [
        '\ttexts := make([]string, len(input.Regions))\n',
        '\ttexts := make([]string, len(input.Regions))\n\tformat := func(ctx workflow.Context, index int) {\n\t\tdefer formatted.Done()\n\t\t_ = workflow.ExecuteActivity(ctx, activities.Format, input.Regions[index]).Get(ctx, &texts[index])\n\t}\n',
      ],
      [
        REGIONS,
        '\tformatted.Add(len(input.Regions))\n\tfor index := range input.Regions {\n\t\tworkflow.Go(ctx, func(ctx workflow.Context) { format(ctx, index) })\n\t}\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
];

const SUBSCRIPTION: readonly Omit<ByHand, 'workflowType'>[] = [
  {
    name: 'two months only',
    kind: 'shorter-loop',
    changes: [['month <= 3', 'month <= 2']],
    causes: ['command-removed', 'command-moved'],
    at: ['workflow.Sleep(', 'activities.Charge,', 'activities.Notify,', 'activities.Store,'],
  },
  {
    name: 'four months',
    kind: 'longer-loop',
    changes: [['month <= 3', 'month <= 4']],
    causes: [],
  },
  {
    name: 'the half year is told a month earlier',
    kind: 'change-branch',
    changes: [['month == 2', 'month == 1']],
    causes: ['command-added', 'command-moved'],
    at: ['activities.Store,'],
  },
  {
    name: 'continues as new after the first month',
    kind: 'continue-early',
    changes: [
      [
        '\t\tif month == 2 {\n',
        '\t\tif month == 1 {\n\t\t\treturn workflow.NewContinueAsNewError(ctx, "subscription", SubscriptionInput{Customer: input.Customer, Year: 9})\n\t\t}\n\t\tif month == 2 {\n',
      ],
    ],
    causes: ['workflow-ends-earlier'],
    at: ['activities.Notify,', 'workflow.GetVersion('],
  },
  {
    name: 'thanks without a version, in the first month only',
    kind: 'remove-patch',
    changes: [
      [
        '\t\tversion := workflow.GetVersion(ctx, "thank-for-payments", workflow.DefaultVersion, 2)\n',
        '',
      ],
      ['if version >= 1 {', 'if month == 1 {'],
    ],
    // Go passes over the version that nobody asks for; what parts from history is the second month without thanks.
    causes: ['patch-removed', 'command-removed'],
    at: ['activities.Charge,', 'activities.Notify,', 'activities.Store,', 'workflow.Sleep('],
  },
  {
    name: 'the version is asked for once, before the loop',
    kind: 'move-patch',
    changes: [
      [
        '\t\tversion := workflow.GetVersion(ctx, "thank-for-payments", workflow.DefaultVersion, 2)\n',
        '',
      ],
      [
        '\tfor month :=',
        '\tversion := workflow.GetVersion(ctx, "thank-for-payments", workflow.DefaultVersion, 2)\n\tfor month :=',
      ],
    ],
    causes: ['command-moved', 'patch-removed', 'command-removed'],
    at: ['activities.Charge,', 'if version >= 1'],
  },
  {
    name: 'a third version',
    kind: 'add-version',
    changes: [['workflow.DefaultVersion, 2)', 'workflow.DefaultVersion, 3)']],
    causes: [],
  },
  {
    name: 'executions of the first version are over',
    kind: 'raise-minimum',
    changes: [['workflow.DefaultVersion, 2)', '2, 2)']],
    causes: [],
  },
  {
    name: 'the third version only',
    kind: 'raise-minimum',
    changes: [['workflow.DefaultVersion, 2)', '3, 3)']],
    causes: ['version-range-left'],
  },
  {
    name: 'the first version only',
    kind: 'lower-maximum',
    changes: [['workflow.DefaultVersion, 2)', 'workflow.DefaultVersion, 1)']],
    causes: ['version-range-left'],
  },
  {
    name: 'a loop without its own variable',
    kind: 'refactoring',
    changes: [
      [
        '\tfor month := 1; month <= 3; month++ {\n',
        '\tmonth := 0\n\tfor month < 3 {\n\t\tmonth++\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    name: 'longer months',
    kind: 'change-duration',
    changes: [['20*time.Millisecond', '40*time.Millisecond']],
    causes: [],
  },
  {
    name: 'other words on the bill',
    kind: 'change-argument',
    changes: [['month %d of %s', 'month %d for %s']],
    causes: [],
  },
  {
    name: 'a month is waited for before it is paid',
    kind: 'move-command',
    changes: [
      [
        '\t\tif err := workflow.Sleep(ctx, 20*time.Millisecond); err != nil {\n\t\t\treturn err\n\t\t}\n',
        '',
      ],
      [
        '\t\tvar paid int\n',
        '\t\tif err := workflow.Sleep(ctx, 20*time.Millisecond); err != nil {\n\t\t\treturn err\n\t\t}\n\t\tvar paid int\n',
      ],
    ],
    causes: ['command-moved', 'command-added'],
  },
  {
    name: 'two years later',
    kind: 'change-continued',
    changes: [['input.Year + 1}', 'input.Year + 2}']],
    causes: [],
  },
  {
    name: 'it ends instead of continuing',
    kind: 'end-otherwise',
    changes: [
      [
        'return workflow.NewContinueAsNewError(ctx, "subscription", SubscriptionInput{Customer: input.Customer, Year: input.Year + 1})',
        'return nil',
      ],
    ],
    causes: [],
  },
  {
    name: 'the customer as a search attribute',
    kind: 'add-upsert',
    changes: [
      [
        '\tfor month :=',
        '\tif err := workflow.UpsertSearchAttributes(ctx, map[string]any{"Customer": input.Customer}); err != nil {\n\t\treturn err\n\t}\n\tfor month :=',
      ],
    ],
    causes: ['command-added'],
  },
  {
    name: 'payments are charged by a child',
    kind: 'add-child',
    changes: [
      [
        'if err := workflow.ExecuteActivity(ctx, activities.Charge, bill).Get(ctx, nil); err != nil {',
        'if err := workflow.ExecuteChildWorkflow(ctx, "charging", bill).Get(ctx, nil); err != nil {',
      ],
    ],
    causes: ['command-replaced'],
  },
  {
    name: 'renewed before it is paid',
    kind: 'move-wait',
    changes: [
      ['\trenewals.Receive(ctx, nil)\n', ''],
      ['\tfor month :=', '\trenewals.Receive(ctx, nil)\n\tfor month :='],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['activities.Charge,', 'renewals := '],
  },
];

const DEPOSIT_CHARGE = `\t\t${run('Charge', 'fmt.Sprint(amount)', '0, err', '\t\t')}\n`;

const ACCOUNT: readonly Omit<ByHand, 'workflowType'>[] = [
  {
    name: 'the validator refuses small deposits',
    kind: 'stricter-validator',
    changes: [['if amount <= 0 {', 'if amount <= 10 {']],
    // Validators are not run again on replay.
    causes: ['update-handler-missing'],
  },
  {
    name: 'the deposit is recorded before it is charged',
    kind: 'add-in-handler',
    changes: [
      [
        DEPOSIT_CHARGE,
        `\t\t${run('Store', 'fmt.Sprint(amount)', '0, err', '\t\t')}\n${DEPOSIT_CHARGE}`,
      ],
    ],
    causes: ['command-added'],
  },
  {
    name: 'the deposit is not charged',
    kind: 'remove-in-handler',
    changes: [
      [DEPOSIT_CHARGE, ''],
      ['\t"fmt"\n', ''],
    ],
    causes: ['command-removed'],
    // The handler's place is where it is set.
    at: [
      'balance += amount',
      'return balance, nil',
      'SetUpdateHandlerWithOptions(ctx, "deposit"',
      'activities.Notify, "first deposit"',
    ],
  },
  {
    name: 'no handler for a new owner',
    kind: 'remove-handler',
    changes: [
      [
        '\terr = workflow.SetUpdateHandler(ctx, "changeOwner", func(ctx workflow.Context, name string) (string, error) {\n\t\towner = name\n\t\treturn owner, nil\n\t})\n\tif err != nil {\n\t\treturn 0, err\n\t}\n',
        '',
      ],
    ],
    causes: ['update-handler-missing'],
    at: [
      'SetUpdateHandlerWithOptions(ctx, "deposit"',
      'activities.Notify, "first deposit"',
      'owner != input.Owner',
    ],
  },
  {
    name: 'the handler for a new owner has another name',
    kind: 'rename-handler',
    changes: [['"changeOwner"', '"setOwner"']],
    causes: ['update-handler-missing'],
    at: [
      'SetUpdateHandlerWithOptions(ctx, "deposit"',
      'activities.Notify, "first deposit"',
      'owner != input.Owner',
    ],
  },
  {
    name: 'a new owner is told',
    kind: 'add-in-handler',
    changes: [
      [
        '\t\towner = name\n',
        '\t\towner = name\n\t\t_ = workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, options), activities.Notify, name).Get(ctx, nil)\n',
      ],
    ],
    causes: ['command-added'],
  },
  {
    name: 'the memo is not kept',
    kind: 'remove-upsert',
    changes: [
      [
        '\tif err := workflow.UpsertMemo(ctx, map[string]any{"owner": owner}); err != nil {\n\t\treturn 0, err\n\t}\n',
        '',
      ],
    ],
    causes: ['command-removed'],
    at: [
      'keep(ctx, owner)',
      'activities.Store, what',
      'owner != input.Owner',
      'activities.Notify, "first deposit"',
    ],
  },
  {
    name: 'memo instead of search attributes',
    kind: 'replace-upsert',
    changes: [
      [
        'workflow.UpsertTypedSearchAttributes(ctx, customer.ValueSet(input.Owner))',
        'workflow.UpsertMemo(ctx, map[string]any{"customer": input.Owner})',
      ],
    ],
    causes: ['command-replaced'],
  },
  {
    name: 'another value of the search attribute',
    kind: 'change-argument',
    changes: [['customer.ValueSet(input.Owner)', 'customer.ValueSet("somebody")']],
    causes: [],
  },
  {
    name: 'no side effect',
    kind: 'remove-side-effect',
    changes: [
      [
        '\tvar number string\n\tif err := workflow.SideEffect(ctx, func(workflow.Context) any { return "number 4711" }).Get(&number); err != nil {\n\t\treturn 0, err\n\t}\n',
        '\tnumber := "number 4711"\n',
      ],
    ],
    causes: ['command-removed'],
    at: ['UpsertTypedSearchAttributes(', 'keep(ctx, number)', 'activities.Store, what'],
  },
  {
    name: 'a second side effect',
    kind: 'add-side-effect',
    changes: [
      [
        '\tvar number string\n',
        '\tvar number string\n\tworkflow.SideEffect(ctx, func(workflow.Context) any { return 7 })\n',
      ],
    ],
    // The one that history holds is taken by the first.
    causes: ['command-added'],
    at: ['return "number 4711"'],
  },
  {
    name: 'another number',
    kind: 'change-side-effect',
    changes: [['"number 4711"', '"number 4712"']],
    causes: [],
  },
  {
    name: 'one more is kept',
    kind: 'add-call',
    changes: [
      [
        '\tif err := keep(ctx, number); err != nil {',
        '\tif err := keep(ctx, input.Owner); err != nil {\n\t\treturn 0, err\n\t}\n\tif err := keep(ctx, number); err != nil {',
      ],
    ],
    causes: ['command-added'],
    // The function's own line issues it.
    at: ['activities.Store, what', 'keep(ctx, number)'],
  },
  {
    name: 'the number is kept without the function',
    kind: 'refactoring',
    changes: [
      [
        '\tif err := keep(ctx, number); err != nil {',
        '\tif err := workflow.ExecuteActivity(ctx, activities.Store, number).Get(ctx, nil); err != nil {',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    name: 'another activity keeps',
    kind: 'replace-activity',
    changes: [['activities.Store, what', 'activities.Format, what']],
    causes: ['command-replaced'],
  },
  {
    name: 'small deposits are not told',
    kind: 'change-condition',
    changes: [['balance > 0', 'balance > 100']],
    causes: ['command-removed', 'command-moved'],
    at: ['activities.Notify, "first deposit"'],
  },
  {
    name: 'it waits for a new owner first',
    kind: 'swap-waits',
    changes: [
      ['return balance > 0 }', 'return owner != input.Owner }'],
      [
        '\tif err := workflow.Await(ctx, func() bool { return owner != input.Owner }); err != nil {',
        '\tif err := workflow.Await(ctx, func() bool { return balance > 0 }); err != nil {',
      ],
    ],
    causes: ['command-removed', 'command-moved'],
    at: ['activities.Notify, "first deposit"', 'activities.Store, what'],
  },
  {
    name: 'the failure of the memo is swallowed',
    kind: 'swallow-error',
    changes: [
      [
        '\tif err := workflow.UpsertMemo(ctx, map[string]any{"owner": owner}); err != nil {\n\t\treturn 0, err\n\t}\n',
        '\t_ = workflow.UpsertMemo(ctx, map[string]any{"owner": owner})\n',
      ],
    ],
    causes: [],
  },
  {
    name: 'interest',
    kind: 'change-result',
    changes: [
      ['\treturn balance, nil\n}\n\nfunc keep', '\treturn balance + 1, nil\n}\n\nfunc keep'],
    ],
    causes: [],
  },
];

const BOOKING: readonly Omit<ByHand, 'workflowType'>[] = [
  {
    name: 'a passenger is audited first',
    kind: 'add-activity',
    changes: [
      [
        `\t${run('Reserve', 'input.Seat', '"", err')}\n`,
        `\t${run('Audit', 'input.Seat', '"", err')}\n\t${run('Reserve', 'input.Seat', '"", err')}\n`,
      ],
    ],
    causes: ['command-added'],
  },
  {
    name: 'no time-out for the payment',
    kind: 'remove-time-out',
    changes: [
      [
        '\tinTime, err := workflow.AwaitWithTimeout(ctx, time.Hour, func() bool { return paid })\n',
        '\tinTime, err := true, workflow.Await(ctx, func() bool { return paid })\n',
      ],
    ],
    causes: ['command-removed'],
    at: ['activities.Reserve,', 'activities.Charge,'],
  },
  {
    name: 'more time for the payment',
    kind: 'change-duration',
    changes: [['time.Hour, func()', '2*time.Hour, func()']],
    causes: [],
  },
  {
    name: 'no reminder',
    kind: 'remove-goroutine',
    changes: [
      [
        '\tworkflow.Go(reminding, func(ctx workflow.Context) {\n\t\tif workflow.Sleep(ctx, 24*time.Hour) == nil {\n\t\t\t_ = workflow.ExecuteActivity(ctx, activities.Notify, "the day before").Get(ctx, nil)\n\t\t}\n\t})\n',
        '\t_ = reminding\n',
      ],
    ],
    causes: ['command-removed'],
    at: ['activities.Charge,', 'FollowFlight, input.Seat'],
  },
  {
    name: 'the reminder is not withdrawn',
    kind: 'remove-cancellation',
    changes: [['\tforget()\n', '\t_ = forget\n']],
    causes: ['command-removed'],
    at: [
      'activities.Store, passport',
      'workflow.Sleep(ctx, 24*time.Hour)',
      'FollowFlight, input.Seat',
    ],
  },
  {
    name: 'no compensation',
    kind: 'remove-compensation',
    changes: [
      [
        `\t\tif err := workflow.ExecuteActivity(ctx, activities.Notify, "no upgrade").Get(ctx, nil); err != nil {\n\t\t\treturn "", err\n\t\t}\n`,
        '\t\tworkflow.GetLogger(ctx).Info("no upgrade")\n',
      ],
    ],
    causes: ['command-removed'],
    at: ['activities.Refuse,', 'PrintTicket, input.Seat'],
  },
  {
    name: 'the failure of the upgrade ends it',
    kind: 'remove-catch',
    changes: [
      [
        `\t\tif err := workflow.ExecuteActivity(ctx, activities.Notify, "no upgrade").Get(ctx, nil); err != nil {\n\t\t\treturn "", err\n\t\t}\n`,
        '\t\treturn "", err\n',
      ],
    ],
    causes: ['workflow-ends-earlier'],
    at: ['activities.Refuse,'],
  },
  {
    name: 'the ticket comes from an activity',
    kind: 'replace-child',
    changes: [
      [
        '\tprinting := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: id + "-ticket"})\n',
        '',
      ],
      [
        'workflow.ExecuteChildWorkflow(printing, PrintTicket, input.Seat)',
        'workflow.ExecuteActivity(ctx, activities.Format, input.Seat)',
      ],
    ],
    causes: ['command-replaced'],
  },
  {
    name: 'the child has another type',
    kind: 'replace-child',
    changes: [
      [
        'workflow.RegisterOptions{Name: "printTicket"}',
        'workflow.RegisterOptions{Name: "ticketPrinting"}',
      ],
    ],
    causes: ['command-replaced'],
    at: ['PrintTicket, input.Seat'],
  },
  {
    name: 'the ticket is not waited for',
    kind: 'remove-join',
    changes: [
      [
        'PrintTicket, input.Seat).Get(ctx, &ticket)',
        'PrintTicket, input.Seat).GetChildWorkflowExecution().Get(ctx, nil)',
      ],
    ],
    causes: [],
  },
  {
    name: 'the child has another Workflow ID',
    kind: 'change-workflow-id',
    changes: [['id + "-ticket"', 'id + "-card"']],
    causes: ['identifier-differs'],
    at: ['PrintTicket, input.Seat'],
  },
  {
    name: 'the flight is followed for ever',
    kind: 'change-option',
    changes: [
      [
        'workflow.ChildWorkflowOptions{WorkflowID: id + "-flight"}',
        'workflow.ChildWorkflowOptions{WorkflowID: id + "-flight", WorkflowTaskTimeout: time.Minute}',
      ],
    ],
    causes: [],
  },
  {
    name: 'the flight is not followed',
    kind: 'remove-child',
    changes: [
      [
        '\tif err := flight.GetChildWorkflowExecution().Get(ctx, nil); err != nil {\n\t\treturn "", err\n\t}\n',
        '',
      ],
      [
        '\tfollowing := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: id + "-flight"})\n\tflight := workflow.ExecuteChildWorkflow(following, FollowFlight, input.Seat)\n',
        '',
      ],
      [
        '\tif err := flight.SignalChildWorkflow(ctx, "landed", "the gate").Get(ctx, nil); err != nil {\n\t\treturn "", err\n\t}\n\tif err := flight.Get(ctx, nil); err != nil {\n\t\treturn "", err\n\t}\n',
        '',
      ],
      [
        '\tid := workflow.GetInfo(ctx).WorkflowExecution.ID\n',
        '\tid := workflow.GetInfo(ctx).WorkflowExecution.ID\n\t_ = FollowFlight\n',
      ],
    ],
    causes: ['command-removed'],
    at: ['activities.Charge,', 'activities.Store, passport'],
  },
  {
    name: 'the flight is told of another gate',
    kind: 'change-argument',
    changes: [['"landed", "the gate"', '"landed", "the street"']],
    causes: [],
  },
  {
    name: 'the reminder begins when it is charged',
    kind: 'move-command',
    changes: [
      [`\t${run('Charge', 'input.Seat', '"", err')}\n`, ''],
      [
        '\treminding, forget := workflow.WithCancel(ctx)\n',
        `\t${run('Charge', 'input.Seat', '"", err')}\n\treminding, forget := workflow.WithCancel(ctx)\n`,
      ],
    ],
    causes: ['command-moved'],
    at: ['workflow.Sleep(ctx, 24*time.Hour)', 'workflow.Go(reminding'],
  },
  {
    name: 'a condition with a name',
    kind: 'refactoring',
    changes: [
      [
        '\tinTime, err := workflow.AwaitWithTimeout(ctx, time.Hour, func() bool { return paid })\n',
        '\tisPaid := func() bool { return paid }\n\tinTime, err := workflow.AwaitWithTimeout(ctx, time.Hour, isPaid)\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
];

const of = (
  workflowType: string,
  edits: readonly Omit<ByHand, 'workflowType'>[],
): readonly ByHand[] => edits.map((edit) => ({ workflowType, ...edit }));

export const GO_EDITS: readonly ByHand[] = [
  ...of('order', ORDER),
  ...of('summary', SUMMARY),
  ...of('subscription', SUBSCRIPTION),
  ...of('account', ACCOUNT),
  ...of('booking', BOOKING),
];
