import type { ByHand } from '../../edits/by-hand.js';

/** Edits of the corpus in Java as people make them. */
export const JAVA_EDITS: readonly ByHand[] = [
  {
    workflowType: 'order',
    name: 'fraud check before the reservation',
    kind: 'add-activity',
    changes: [
      [
        '      String reservation =',
        '      activities.checkFraud("");\n      String reservation =',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'order',
    name: 'told after shipping instead of before',
    kind: 'move-command',
    changes: [
      ['      activities.tell("reserved");\n', ''],
      [
        '      activities.ship(input.orderId);\n',
        '      activities.ship(input.orderId);\n      activities.tell("reserved");\n',
      ],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['activities.reserve(', 'Workflow.getVersion('],
  },
  {
    workflowType: 'order',
    name: 'large orders only are checked for fraud',
    kind: 'add-condition',
    changes: [['if (version == 1) {', 'if (version == 1 && input.amount > 100) {']],
    causes: ['command-removed', 'command-moved'],
    at: ['Workflow.getVersion(', 'Workflow.sleep(Duration.ofMillis(30))'],
  },
  {
    workflowType: 'order',
    name: 'payment in advance',
    kind: 'move-wait',
    changes: [
      ['      Workflow.await(() -> paid >= input.amount);\n', ''],
      ['() -> !approvedBy.isEmpty()', '() -> !approvedBy.isEmpty() && paid >= input.amount'],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['activities.tell("reserved")', 'activities.charge('],
  },
  {
    workflowType: 'order',
    name: 'receipt from an ordinary activity',
    kind: 'local-to-activity',
    changes: [['local.draw(', 'activities.draw(']],
    causes: ['command-added', 'command-replaced'],
  },
  {
    workflowType: 'order',
    name: 'a loop of timers instead of one',
    kind: 'split-timer',
    changes: [
      [
        '      Workflow.sleep(Duration.ofMillis(30));\n',
        '      for (int part : new int[] {10, 20}) {\n        Workflow.sleep(Duration.ofMillis(part));\n      }\n',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'order',
    name: 'no pause after the check',
    kind: 'remove-timer',
    changes: [['      Workflow.sleep(Duration.ofMillis(30));\n', '']],
    causes: ['command-removed'],
    at: ['Workflow.getVersion(', 'activities.checkFraud(', 'local.draw('],
  },
  {
    workflowType: 'order',
    name: 'a longer pause',
    kind: 'change-duration',
    changes: [['Duration.ofMillis(30)', 'Duration.ofMillis(50)']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'told in another word',
    kind: 'change-arguments',
    changes: [['tell("approved")', 'tell("granted")']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'more time for every activity',
    kind: 'change-options',
    changes: [['Duration.ofSeconds(10)', 'Duration.ofSeconds(20)']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'a greeting for new orders only',
    kind: 'add-patch',
    changes: [
      [
        '      String reservation =',
        '      if (Workflow.getVersion("greet", Workflow.DEFAULT_VERSION, 1) == 1) {\n        activities.tell("hello");\n      }\n      String reservation =',
      ],
    ],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'the version is not asked for any more',
    kind: 'remove-patch',
    changes: [
      [
        '      int version = Workflow.getVersion("check-fraud", Workflow.DEFAULT_VERSION, 1);\n',
        '',
      ],
      ['if (version == 1) {', 'if (input.amount > 0) {'],
    ],
    causes: ['patch-removed'],
    at: ['activities.tell("reserved")', 'activities.checkFraud('],
  },
  {
    workflowType: 'order',
    name: 'the check and its version are gone',
    kind: 'remove-patch',
    changes: [
      [
        `      int version = Workflow.getVersion("check-fraud", Workflow.DEFAULT_VERSION, 1);
      if (version == 1) {
        activities.checkFraud(input.orderId);
      }
`,
        '',
      ],
    ],
    causes: ['patch-removed', 'command-removed'],
    at: ['activities.tell("reserved")', 'Workflow.sleep(Duration.ofMillis(30))'],
  },
  {
    workflowType: 'order',
    name: 'the version has another name',
    kind: 'rename-patch',
    changes: [['"check-fraud"', '"fraud-check"']],
    causes: ['patch-renamed'],
    at: ['Workflow.sleep(Duration.ofMillis(30))', 'activities.checkFraud('],
  },
  {
    workflowType: 'order',
    name: 'version 1 is not supported any more',
    kind: 'change-version-range',
    changes: [
      [
        'Workflow.getVersion("check-fraud", Workflow.DEFAULT_VERSION, 1)',
        'Workflow.getVersion("check-fraud", 2, 3)',
      ],
    ],
    causes: ['version-range-left'],
  },
  {
    workflowType: 'order',
    name: 'executions without the version are not supported any more',
    kind: 'change-version-range',
    changes: [
      [
        'Workflow.getVersion("check-fraud", Workflow.DEFAULT_VERSION, 1)',
        'Workflow.getVersion("check-fraud", 1, 1)',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'order',
    name: 'shipped twice instead of charged',
    kind: 'replace-activity',
    changes: [['activities.charge(reservation)', 'activities.ship(reservation)']],
    causes: ['command-replaced'],
  },
  {
    workflowType: 'order',
    name: 'the payment comes under another name',
    kind: 'rename-handler',
    changes: [['  @SignalMethod\n  void pay(', '  @SignalMethod(name = "payment")\n  void pay(']],
    causes: ['signal-handler-missing'],
    at: ['void pay('],
  },
  {
    workflowType: 'order',
    name: 'the workflow has another name',
    kind: 'rename-type',
    changes: [['@WorkflowMethod(name = "order")', '@WorkflowMethod(name = "purchase")']],
    causes: ['workflow-type-missing'],
    hasNoLine: true,
  },
  {
    workflowType: 'order',
    name: 'a pause as long as the time of day',
    kind: 'clock',
    changes: [['Workflow.sleep(20)', 'Workflow.sleep(20 + System.nanoTime() % 7)']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'small orders end early',
    kind: 'return-early',
    changes: [
      [
        '      activities.tell("approved");',
        '      if (input.amount < 100) {\n        return "small";\n      }\n      activities.tell("approved");',
      ],
    ],
    causes: ['workflow-ends-earlier'],
    at: ['local.draw('],
  },
  {
    workflowType: 'order',
    name: 'a mistake in the last line',
    kind: 'throw-later',
    changes: [['      return receipt;', '      return receipt.substring(1000);']],
    causes: [],
  },
  {
    workflowType: 'order',
    name: 'a mistake after the approval',
    kind: 'throw',
    changes: [
      ['      String receipt =', '      Integer.parseInt(reservation);\n      String receipt ='],
    ],
    causes: ['workflow-threw'],
  },
  {
    workflowType: 'order',
    name: 'a method tells',
    kind: 'refactoring',
    changes: [
      ['      activities.tell("approved");', '      announce("approved");'],
      [
        '    @Override\n    public void approve(',
        '    private void announce(String what) {\n      activities.tell(what);\n    }\n\n    @Override\n    public void approve(',
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
        '      String receipt =',
        '      Workflow.getLogger(Order.class).info("on the way");\n      // What comes now is what it was.\n      String receipt =',
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
        'parts.add(Async.function(() -> activities.draw(region)));',
        'parts.add(Workflow.newPromise(activities.draw(region)));',
      ],
    ],
    causes: ['command-moved', 'command-removed'],
  },
  {
    workflowType: 'summary',
    name: 'one more region',
    kind: 'add-in-parallel',
    changes: [
      [
        '      Promise.allOf(parts).get();',
        '      parts.add(Async.function(() -> activities.draw("east")));\n      Promise.allOf(parts).get();',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'summary',
    name: 'one region less',
    kind: 'remove-in-parallel',
    changes: [
      [
        'for (String region : input.regions) {',
        'for (String region : input.regions.subList(1, 3)) {',
      ],
    ],
    causes: ['command-removed'],
    at: ['activities.draw(region)', 'Workflow.newTimer('],
  },
  {
    workflowType: 'summary',
    name: 'regions in capitals',
    kind: 'change-arguments',
    changes: [['activities.draw(region)', 'activities.draw(region.toUpperCase())']],
    causes: [],
  },
  {
    workflowType: 'summary',
    name: 'refunds before orders',
    kind: 'swap-in-parallel',
    changes: [
      [
        `      Promise<Integer> orders = Async.function(activities::count, "orders of " + input.summaryId);
      Promise<String> refunds = Async.function(activities::store, "refunds of " + input.summaryId);
`,
        `      Promise<String> refunds = Async.function(activities::store, "refunds of " + input.summaryId);
      Promise<Integer> orders = Async.function(activities::count, "orders of " + input.summaryId);
`,
      ],
    ],
    causes: ['commands-reordered'],
  },
  {
    workflowType: 'summary',
    name: 'refunds after orders',
    kind: 'run-in-sequence',
    changes: [
      [
        '      Promise<String> refunds = Async',
        '      orders.get();\n      Promise<String> refunds = Async',
      ],
    ],
    causes: ['command-moved', 'command-removed'],
    at: ['activities::count', 'activities::store'],
  },
  {
    workflowType: 'summary',
    name: 'another pause at the same time',
    kind: 'add-in-parallel',
    changes: [
      [
        '      Promise<String> told =',
        '      Promise<Void> shorter = Workflow.newTimer(Duration.ofMillis(10));\n      Promise<String> told =',
      ],
      ['Promise.allOf(pause, told)', 'Promise.allOf(pause, shorter, told)'],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'summary',
    name: 'nobody is told while it pauses',
    kind: 'remove-in-parallel',
    changes: [
      ['      Promise<String> told = Async.function(activities::tell, requestedBy);\n', ''],
      ['Promise.allOf(pause, told)', 'Promise.allOf(pause)'],
    ],
    causes: ['command-removed'],
    at: ['Workflow.newTimer(', 'return activities.store(what)', 'Async.function(() -> keep'],
  },
  {
    workflowType: 'summary',
    name: 'told before the pause begins',
    kind: 'swap-in-parallel',
    changes: [
      [
        `      Promise<Void> pause = Workflow.newTimer(Duration.ofMillis(20));
      Promise<String> told = Async.function(activities::tell, requestedBy);
`,
        `      Promise<String> told = Async.function(activities::tell, requestedBy);
      Promise<Void> pause = Workflow.newTimer(Duration.ofMillis(20));
`,
      ],
    ],
    causes: ['commands-reordered'],
  },
  {
    workflowType: 'summary',
    name: 'the printer is reserved without a pause',
    kind: 'remove-in-lambda',
    changes: [['                Workflow.sleep(20);\n', '']],
    causes: ['command-removed', 'command-moved'],
    at: ['activities.reserve("the printer")', 'return activities.store(what)'],
  },
  {
    workflowType: 'summary',
    name: 'the printer is cleaned first',
    kind: 'add-in-lambda',
    changes: [
      [
        '                activities.reserve("the printer");\n',
        '                activities.release("the printer");\n                activities.reserve("the printer");\n',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'summary',
    name: 'the printer is bought',
    kind: 'replace-in-lambda',
    changes: [['activities.reserve("the printer")', 'activities.charge("the printer")']],
    causes: ['command-replaced'],
  },
  {
    workflowType: 'summary',
    name: 'a longer pause in the lambda',
    kind: 'change-duration',
    changes: [['Workflow.sleep(20);', 'Workflow.sleep(40);']],
    causes: [],
  },
  {
    workflowType: 'summary',
    name: 'the lambda is a method',
    kind: 'refactoring',
    changes: [
      [
        `          Async.procedure(
              () -> {
                Workflow.sleep(20);
                activities.reserve("the printer");
              });
`,
        `          Async.procedure(this::print);
`,
      ],
      [
        '    private String keep(',
        '    private void print() {\n      Workflow.sleep(20);\n      activities.reserve("the printer");\n    }\n\n    private String keep(',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'summary',
    name: 'published before it is drawn',
    kind: 'move-wait',
    changes: [['() -> !requestedBy.isEmpty()', '() -> !requestedBy.isEmpty() && published']],
    causes: ['command-moved', 'command-removed'],
    at: ['activities::store', 'activities::count', 'activities.draw(region)'],
  },
  {
    workflowType: 'summary',
    name: 'the paper is shipped to nobody',
    kind: 'throw-later',
    changes: [['activities.ship("the paper")', 'activities.ship("the paper".substring(1000))']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'the validator refuses small deposits',
    kind: 'stricter-validator',
    changes: [['if (amount <= 0) {', 'if (amount <= 10) {']],
    causes: ['update-handler-missing'],
  },
  {
    workflowType: 'account',
    name: 'the deposit is recorded before it is charged',
    kind: 'add-in-handler',
    changes: [
      [
        '      activities.charge("" + amount);\n',
        '      activities.store("" + amount);\n      activities.charge("" + amount);\n',
      ],
    ],
    causes: ['command-added'],
  },
  {
    workflowType: 'account',
    name: 'the deposit is not charged',
    kind: 'remove-in-handler',
    changes: [['      activities.charge("" + amount);\n', '']],
    causes: ['command-removed', 'command-moved'],
    // The handler's place is where it is defined.
    at: ['public int deposit(', 'balance += amount', 'return balance;', 'activities.tell("first'],
  },
  {
    workflowType: 'account',
    name: 'the update for a new owner has another name',
    kind: 'rename-handler',
    changes: [
      [
        '  @UpdateMethod\n  String changeOwner(',
        '  @UpdateMethod(name = "rename")\n  String changeOwner(',
      ],
    ],
    causes: ['update-handler-missing'],
    at: ['String changeOwner('],
  },
  {
    workflowType: 'account',
    name: 'the memo is not kept',
    kind: 'remove-upsert',
    changes: [['      Workflow.upsertMemo(Collections.singletonMap("owner", owner));\n', '']],
    causes: ['command-removed'],
    at: ['Workflow.sideEffect(', 'activities.tell("first'],
  },
  {
    workflowType: 'account',
    name: 'memo instead of search attributes',
    kind: 'replace-upsert',
    changes: [
      [
        'Workflow.upsertTypedSearchAttributes(CUSTOMER.valueSet(input.owner))',
        'Workflow.upsertMemo(Collections.singletonMap("customer", input.owner))',
      ],
    ],
    causes: ['command-replaced'],
  },
  {
    workflowType: 'account',
    name: 'searched for in capitals',
    kind: 'change-arguments',
    changes: [['CUSTOMER.valueSet(input.owner)', 'CUSTOMER.valueSet(input.owner.toUpperCase())']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'the fee is fixed',
    kind: 'remove-side-effect',
    changes: [['Workflow.sideEffect(Integer.class, () -> 3)', '3']],
    causes: ['command-removed'],
    at: ['Workflow.upsertMemo(', 'statement.run(owner)'],
  },
  {
    workflowType: 'account',
    name: 'a discount is drawn',
    kind: 'add-side-effect',
    changes: [
      [
        '      int fee =',
        '      int discount = Workflow.sideEffect(Integer.class, () -> 1);\n      int fee =',
      ],
    ],
    causes: ['command-added'],
    // History holds one side effect and the code has two: nothing tells which of them is new.
    at: ['int fee ='],
  },
  {
    workflowType: 'account',
    name: 'the statement has another ID',
    kind: 'change-child-id',
    changes: [['"-statement"', '"-paper"']],
    causes: ['identifier-differs'],
    at: ['statement.run(owner)'],
  },
  {
    workflowType: 'account',
    name: 'the child has another type',
    kind: 'replace-child',
    changes: [['@WorkflowMethod(name = "statement")', '@WorkflowMethod(name = "bill")']],
    causes: ['command-replaced'],
    at: ['statement.run(owner)'],
  },
  {
    workflowType: 'account',
    name: 'no statement',
    kind: 'remove-child',
    changes: [['      statement.run(owner);\n', '']],
    causes: ['command-removed'],
    at: ['Workflow.sideEffect(', 'activities.refuse('],
  },
  {
    workflowType: 'account',
    name: 'everything is tried three times',
    kind: 'change-options',
    changes: [['setMaximumAttempts(2)', 'setMaximumAttempts(3)']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'no credit is no matter',
    kind: 'swallow',
    changes: [['        activities.store("no credit");\n', '        owner += "";\n']],
    causes: ['command-removed'],
    at: ['activities.refuse(', 'Workflow.await(Duration.ofHours(1)'],
  },
  {
    workflowType: 'account',
    name: 'no credit ends it',
    kind: 'remove-catch',
    changes: [['catch (ActivityFailure failure)', 'catch (ArithmeticException failure)']],
    causes: ['workflow-ends-earlier'],
    at: ['activities.refuse('],
  },
  {
    workflowType: 'account',
    name: 'any time for the confirmation',
    kind: 'remove-time-out',
    changes: [
      [
        `      if (!Workflow.await(Duration.ofHours(1), () -> confirmed)) {
        activities.tell("too late");
      }
`,
        `      Workflow.await(() -> confirmed);
`,
      ],
    ],
    causes: ['command-removed'],
    at: ['activities.store("no credit")', 'activities.audit('],
  },
  {
    workflowType: 'account',
    name: 'two hours for the confirmation',
    kind: 'change-duration',
    changes: [['Duration.ofHours(1)', 'Duration.ofHours(2)']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'two months only',
    kind: 'shorter-loop',
    changes: [['month <= 3', 'month <= 2']],
    causes: ['command-removed', 'command-moved'],
    at: ['activities.audit(', 'Workflow.sleep(20)', 'activities.charge("fee'],
  },
  {
    workflowType: 'account',
    name: 'four months',
    kind: 'longer-loop',
    changes: [['month <= 3', 'month <= 4']],
    causes: ['command-added'],
    at: ['activities.audit('],
  },
  {
    workflowType: 'account',
    name: 'the pause is a month earlier',
    kind: 'change-branch',
    changes: [['if (month == 2) {', 'if (month == 1) {']],
    causes: ['command-added', 'command-moved'],
    at: ['Workflow.sleep(20)'],
  },
  {
    workflowType: 'account',
    name: 'the next year has another owner',
    kind: 'change-continuation',
    changes: [['next.owner = owner;', 'next.owner = input.owner;']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'no next year',
    kind: 'remove-continuation',
    changes: [['if (input.year < 2) {', 'if (input.year < 1) {']],
    causes: [],
  },
  {
    workflowType: 'account',
    name: 'a while loop',
    kind: 'refactoring',
    changes: [
      [
        '      for (int month = 1; month <= 3; month += 1) {\n',
        '      int month = 0;\n      while (month < 3) {\n        month += 1;\n',
      ],
    ],
    causes: [],
    equivalent: true,
  },
  {
    workflowType: 'onboarding',
    name: 'no laptop after all',
    kind: 'change-branch',
    changes: [['if (input.laptop) {', 'if (!input.laptop) {']],
    causes: ['command-removed'],
    at: ['local.draw(', 'Async.function(desk::run', 'prepared.get()'],
  },
  {
    workflowType: 'onboarding',
    name: 'no reminder',
    kind: 'remove-scope',
    changes: [
      [
        `      CancellationScope reminder =
          Workflow.newCancellationScope(() -> Workflow.newTimer(Duration.ofDays(1)));
      reminder.run();
`,
        '',
      ],
      ['      reminder.cancel();\n', ''],
    ],
    causes: ['command-removed'],
    at: ['local.draw('],
  },
  {
    workflowType: 'onboarding',
    name: 'a reminder after two days',
    kind: 'change-duration',
    changes: [['Duration.ofDays(1)', 'Duration.ofDays(2)']],
    causes: [],
  },
  {
    workflowType: 'onboarding',
    name: 'the reminder is not withdrawn',
    kind: 'remove-cancellation',
    changes: [['      reminder.cancel();\n', '']],
    causes: ['command-removed'],
    at: ['Duration.ofDays(1)', 'reminder.run()', 'local.draw('],
  },
  {
    workflowType: 'onboarding',
    name: 'badges of the first version are not supported any more',
    kind: 'change-version-range',
    changes: [['"badge", Workflow.DEFAULT_VERSION, 2', '"badge", 3, 4']],
    causes: ['version-range-left'],
  },
  {
    workflowType: 'onboarding',
    name: 'the badge is made twice',
    kind: 'add-activity',
    changes: [
      [
        '        makeBadge(drawn);\n',
        '        makeBadge(drawn);\n        makeBadge(drawn + " again");\n',
      ],
    ],
    causes: ['command-added'],
    at: ['activities.charge(drawn)'],
  },
  {
    workflowType: 'onboarding',
    name: 'the team is told before it is counted',
    kind: 'swap-in-parallel',
    changes: [
      [
        `      Promise<Integer> size = Async.function(() -> activities.count(drawn));
      Promise<String> told = Async.function(() -> activities.tell("the team"));
`,
        `      Promise<String> told = Async.function(() -> activities.tell("the team"));
      Promise<Integer> size = Async.function(() -> activities.count(drawn));
`,
      ],
    ],
    causes: ['commands-reordered'],
  },
  {
    workflowType: 'onboarding',
    name: 'nothing is stored when it is handed over',
    kind: 'remove-in-handler',
    changes: [['      activities.store("handed over");\n', '']],
    causes: ['command-removed', 'command-moved'],
    at: [
      'public void handOver(',
      'equipped = true',
      'Workflow.await(Duration.ofHours(1)',
      'activities.count(drawn)',
    ],
  },
  {
    workflowType: 'onboarding',
    name: 'paid back before the pause',
    kind: 'swap-neighbours',
    changes: [
      [
        `      Workflow.sleep(20);
      activities.refund(told.get());
`,
        `      activities.refund(told.get());
      Workflow.sleep(20);
`,
      ],
    ],
    causes: ['command-moved', 'commands-reordered'],
  },
  {
    workflowType: 'onboarding',
    name: 'the team hears of the person',
    kind: 'change-arguments',
    changes: [['activities.tell("the team")', 'activities.tell(input.person)']],
    causes: [],
  },
  {
    workflowType: 'onboarding',
    name: 'the badge is made in place',
    kind: 'refactoring',
    changes: [['        makeBadge(drawn);\n', '        activities.charge(drawn);\n']],
    causes: [],
    equivalent: true,
  },
];
