import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { join } from 'node:path';
import { align } from '../../src/diagnosis/align.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { reaches, share } from '../../testing/tiers.js';
import type { Workspace } from '../../testing/workspace.js';
import { fixtureNames, readFixture, readFixtures, type Fixture } from '../fixtures/histories.js';
import { redacted } from '../fixtures/redacted.js';
import { COMMANDS_NAMESPACE } from '../fixtures/commands-scenarios.js';
import { commandsWorkspace } from './commands-application.js';
import { expectReplayed, type OrdersPullRequest } from './orders-pull-requests.js';
import { sourceLine } from './source-line.js';
import { TypeScriptReplayer, type ReplayerOptions } from './typescript-replayer.js';
import { recordedHistory } from '../builders/recorded-history.js';

jest.setTimeout(60_000);

/** A workspace with its replayer, for the tests of one block. */
function inWorkspace(
  make: () => Promise<Workspace>,
  options: (workspace: Workspace) => ReplayerOptions = () => ({}),
): { readonly workspace: Workspace; readonly replayer: TypeScriptReplayer } {
  let workspace: Workspace | undefined;
  let replayer: TypeScriptReplayer | undefined;
  beforeAll(async () => {
    workspace = await make();
    replayer = await TypeScriptReplayer.start(workspace.application, options(workspace));
  });
  afterAll(async () => {
    await replayer?.stop();
    await workspace?.remove();
  });
  return {
    get workspace() {
      if (workspace === undefined) throw new Error('there is no workspace');
      return workspace;
    },
    get replayer() {
      if (replayer === undefined) throw new Error('there is no replayer');
      return replayer;
    },
  };
}

async function expectSameWithoutAcceleration(
  { workspace, replayer }: ReturnType<typeof inWorkspace>,
  histories: readonly Fixture[],
  options: ReplayerOptions = {},
): Promise<void> {
  const { scratch } = replayer;
  const slow = await TypeScriptReplayer.start(workspace.application, {
    ...options,
    scratch,
    accelerate: false,
  });
  for (const history of histories) {
    for (const record of [false, true]) {
      const { durationMs: _, ...expected } = await slow.replay(history, record);
      const { durationMs: __, ...result } = await replayer.replay(history, record);
      expect({ name: history.name, ...result }).toEqual({ name: history.name, ...expected });
    }
  }
  await slow.stop();
}

const APPLICATIONS: readonly [
  name: string,
  sets: readonly string[],
  make: () => Promise<Workspace>,
  options: (workspace: Workspace) => ReplayerOptions,
][] = [
  ['the orders', ['orders-1.24.0'], () => ordersWorkspace(), () => ({})],
  [
    'the orders, encrypted',
    ['orders-encrypted-1.24.0'],
    () => ordersWorkspace(),
    ({ application }) => ({ module: join(application, 'src', 'replay-options.ts') }),
  ],
  [
    'every kind of command',
    ['commands-1.24.0', 'commands-1.13.2', 'commands-1.8.0'],
    () => commandsWorkspace(),
    () => ({ namespace: COMMANDS_NAMESPACE }),
  ],
];

describe.each(share({ fast: APPLICATIONS.slice(-1), middle: APPLICATIONS, trust: APPLICATIONS }))(
  'the code that wrote the history: %s',
  (_, sets, make, options) => {
    const own = inWorkspace(make, options);
    const cases = sets.flatMap((set) => fixtureNames(set).map((name) => [set, name] as const));

    it('has the same outcomes without the acceleration', () =>
      expectSameWithoutAcceleration(own, sets.flatMap(readFixtures), options(own.workspace)));

    it.each(cases)('%s %s passes, recorded or not', async (set, name) => {
      const history = readFixture(set, name);
      expect(await own.replayer.replay(history)).toMatchObject({ outcome: 'passed' });
      expect(await own.replayer.replay(history, true)).toMatchObject({ outcome: 'passed' });
    });

    // Orders and accounts decide by contents, and what a codec wrote cannot be redacted.
    const commands = cases.filter(([set]) => set.startsWith('commands-'));
    if (commands.length > 0) {
      it.each(commands)('%s %s passes with other contents', async (set, name) => {
        const history = redacted(readFixture(set, name));
        expect(await own.replayer.replay(history)).toMatchObject({ outcome: 'passed' });
      });
    }

    it.each(cases)('%s %s issues the commands that history holds', async (set, name) => {
      const history = readFixture(set, name);
      const { commands } = await own.replayer.replay(history, true);
      expect(align(recordedHistory(history.events), commands ?? [])).toBeUndefined();
      expect(commands?.length).toBeGreaterThan(0);
    });
  },
);

describe('what is recorded of a replay', () => {
  const own = inWorkspace(
    () => commandsWorkspace(),
    () => ({ namespace: COMMANDS_NAMESPACE }),
  );

  it('names each command, its workflow task and its line', async () => {
    const { commands } = await own.replayer.replay(readFixture('commands-1.24.0', 'seeded'), true);
    const { application } = own.workspace;
    expect(commands).toMatchObject([
      {
        command: 'StartTimer',
        historyLength: 3,
        file: join(application, 'src/workflows/children.ts'),
      },
      {
        ...{ command: 'StartChildWorkflowExecution', name: 'quickChild', historyLength: 8 },
        ...sourceLine(application, 'src/workflows/children.ts', "args: ['anonymous']"),
      },
      { command: 'CompleteWorkflowExecution' },
    ]);
  });

  it('marks what was withdrawn within its workflow task', async () => {
    const { commands } = await own.replayer.replay(readFixture('commands-1.24.0', 'timers'), true);
    const withdrawn = commands?.filter((command) => command.elided === true);
    const names = withdrawn?.map(({ command, id }) => `${command} ${id ?? ''}`);
    expect(names).toEqual([
      ...['StartTimer 1', 'CancelTimer 1', 'StartTimer 5', 'CancelTimer 5'],
      // The time-out of a condition that was true at once.
      ...['StartTimer 9', 'CancelTimer 9'],
    ]);
  });

  it('holds the answers of patches, also those that issue no command', async () => {
    const { patches } = await own.replayer.replay(readFixture('commands-1.24.0', 'patches'), true);
    expect(patches?.filter(({ deprecated }) => deprecated).map(({ id }) => id)).toEqual([
      'sleep-longer',
    ]);
    expect(patches?.map(({ id, answer }) => [id, answer])).toEqual([
      ['greet-first', true],
      ['sleep-longer', true],
      ['greet-each-round', true],
      ['greet-each-round', true],
      ['greet-each-round', true],
      ['greet-first', true],
      ['say-goodbye', true],
    ]);
    expect(patches?.[0]).toMatchObject(
      sourceLine(
        own.workspace.application,
        'src/workflows/patches.ts',
        "if (patched('greet-first'))",
      ),
    );
  });

  it('names the handlers that were set, with their lines, and tells a wait that is over', async () => {
    const { handlers, waits, unhandledSignals } = await own.replayer.replay(
      readFixture('commands-1.24.0', 'updates-finished'),
      true,
    );
    expect(handlers?.map(({ kind, name }) => [kind, name])).toEqual([
      ['update', 'add'],
      ['update', 'addSlowly'],
      ['update', 'addSometime'],
      ['update', 'failLate'],
      ['signal', 'finish'],
    ]);
    expect(handlers?.at(-1)).toMatchObject(
      sourceLine(own.workspace.application, 'src/workflows/updates.ts', 'setHandler(finish,'),
    );
    expect(waits?.map(({ over }) => over)).toEqual([true]);
    expect(unhandledSignals).toEqual([]);
  });

  it('starts anew with each history', async () => {
    const seeded = readFixture('commands-1.24.0', 'seeded');
    const first = await own.replayer.replay(seeded, true);
    await own.replayer.replay(readFixture('commands-1.24.0', 'timers'), true);
    const again = await own.replayer.replay(seeded, true);
    expect(again.commands).toEqual(first.commands);
  });
});

/** Orders that have reached the payment, where the pull requests change something. */
const PAID = ['order-approved', 'order-cancelled', 'order-charging'];

const PULL_REQUESTS: readonly OrdersPullRequest[] = [
  {
    patch: 'incompatible',
    broken: PAID,
    outcome: 'nondeterministic',
    message: /Activity type of scheduled event 'chargeCard' does not match .* 'checkFraud'/u,
    line: 'await checkFraud(',
  },
  {
    patch: 'throws',
    broken: PAID,
    outcome: 'task-failed',
    message: /^Currency code is required with currency style\.$/u,
    line: 'new Intl.NumberFormat(',
  },
  {
    patch: 'type-renamed',
    broken: ['reminder-sleeping'],
    outcome: 'task-failed',
    message: /workflow of type 'reminder': no such function is exported/u,
  },
  { patch: 'compatible', broken: [], outcome: 'passed', message: /^$/u },
  { patch: 'harmless', broken: [], outcome: 'passed', message: /^$/u },
];

/** `npm test` shows the others on a whole check. */
const OF_THIS_TIER = PULL_REQUESTS.filter(
  ({ patch }) => reaches('middle') || patch === 'incompatible' || patch === 'throws',
);

describe.each(OF_THIS_TIER)('the pull request "$patch"', (pullRequest) => {
  const own = inWorkspace(() => ordersWorkspace({ patch: pullRequest.patch }));

  it('has the same outcomes without the acceleration', () =>
    expectSameWithoutAcceleration(own, readFixtures('orders-1.24.0')));

  it.each(fixtureNames('orders-1.24.0'))('%s', (name) =>
    expectReplayed(
      pullRequest,
      readFixture('orders-1.24.0', name),
      { application: own.workspace.application, file: 'src/workflows/order.ts' },
      (history, record) => own.replayer.replay(history, record),
    ),
  );
});
