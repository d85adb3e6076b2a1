import proto from '@temporalio/proto';
import { afterAll, beforeAll } from '@jest/globals';
import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import { startLyingServer, type Lie } from '../../testing/lying-server.js';
import type { Random } from '../../testing/random.js';
import { runFaulted } from './faulted-run.js';
import { soundOrders, type SoundOrders } from './orders.js';
import { testFaults, type Case } from './try-faults.js';

/**
 * A server that answers, and not with the truth: failures of all kinds, messages in part, histories with
 * events missing, doubled, in another order or of another execution, pages without an end.
 */

const { GetWorkflowExecutionHistoryResponse, ListWorkflowExecutionsResponse } =
  proto.temporal.api.workflowservice.v1;

let sound: SoundOrders;
beforeAll(async () => {
  sound = await soundOrders();
});
afterAll(() => sound.stop());

const HISTORY = 'GetWorkflowExecutionHistory';
const LISTING = 'ListWorkflowExecutions';
const METHODS = [
  HISTORY,
  HISTORY,
  LISTING,
  LISTING,
  'GetSystemInfo',
  'GetWorkerBuildIdCompatibility',
];

type Events = readonly IHistoryEvent[];

/** Wrong histories that can be told from whole ones: never judged, and never counted as passed. */
const WRONG_EVENTS: Readonly<Record<string, (events: Events, at: number) => Events>> = {
  'one missing': (events, at) => events.toSpliced(at, 1),
  'one doubled': (events, at) => events.toSpliced(at, 0, ...events.slice(at, at + 1)),
  'two swapped': (events, at) =>
    events.length < 2 ? [] : events.toSpliced(at, 2, ...events.slice(at, at + 2).reverse()),
  backwards: (events) => (events.length < 2 ? [] : events.toReversed()),
  'without a beginning': (events) => events.slice(1),
  'none at all': () => [],
};

function editHistory(edit: (events: Events, at: number) => Events, where: number): Lie {
  return {
    kind: 'edit',
    edit: (bytes) => {
      const message = GetWorkflowExecutionHistoryResponse.decode(bytes);
      const events = message.history?.events ?? [];
      const at = Math.floor(where * Math.max(0, events.length - 1));
      const history = { events: [...edit(events, at)] };
      return GetWorkflowExecutionHistoryResponse.encode({ ...message, history }).finish();
    },
  };
}

const token = Uint8Array.of(1);

const ENDLESS: Readonly<Record<string, Lie>> = {
  [HISTORY]: {
    kind: 'edit',
    edit: (bytes) => {
      const message = GetWorkflowExecutionHistoryResponse.decode(bytes);
      message.nextPageToken = token;
      return GetWorkflowExecutionHistoryResponse.encode(message).finish();
    },
  },
  [LISTING]: {
    kind: 'edit',
    edit: (bytes) => {
      const message = ListWorkflowExecutionsResponse.decode(bytes);
      message.nextPageToken = token;
      return ListWorkflowExecutionsResponse.encode(message).finish();
    },
  },
};

/** gRPC's codes but OK; NOT_FOUND, 5, means of a history that it has vanished. */
const CODES = [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

function lieOf(random: Random, method: string): { words: string; lie: Lie } {
  const wrong = random.pick(Object.keys(WRONG_EVENTS));
  const where = random.fraction();
  const code = random.pick(CODES);
  const noise = Uint8Array.from({ length: random.magnitude(1, 2_000) }, () =>
    random.integer(0, 255),
  );
  const plain: Lie[] = [
    { kind: 'status', code },
    { kind: 'cut', keep: random.fraction() },
    { kind: 'wrong-length', by: random.pick([-1, 1, -1000, 1000, 2 ** 31]) },
    { kind: 'no-trailers' },
    { kind: 'web-page', status: random.pick([200, 302, 404, 502, 503]) },
    { kind: 'noise', bytes: noise },
    { kind: 'empty' },
  ];
  const endless = ENDLESS[method];
  if (method === HISTORY && random.chance(0.5)) {
    const edit = WRONG_EVENTS[wrong] ?? (() => []);
    return { words: `history, ${wrong}`, lie: editHistory(edit, where) };
  }
  if (endless !== undefined && random.chance(0.2)) return { words: 'endless pages', lie: endless };
  const lie = random.pick(plain);
  return { words: `${lie.kind}${lie.kind === 'status' ? ` ${lie.code}` : ''}`, lie };
}

function caseOf(random: Random): Case {
  const { server, workspace, truth, running } = sound;
  const method = random.pick(METHODS);
  const { words, lie } = lieOf(random, method);
  const from = random.pick([0, 0, 1, random.integer(0, 60)]);
  const until = random.chance(0.5) ? from + random.integer(1, 3) : Infinity;
  const breaks = random.chance(0.5) ? random.pick(running) : undefined;
  // A listing can be cut or noise that is a message of its own: what is not listed is not known.
  const isListingChanged =
    method === LISTING && ['empty', 'cut', 'noise', 'wrong-length'].includes(lie.kind);
  return {
    words: `${method}: ${words}, calls ${from} to ${until}${breaks === undefined ? '' : ', one breaks'}`,
    run: async () => {
      const liar = await startLyingServer(server.address, (called, call) =>
        called === method && call >= from && call < until ? lie : undefined,
      );
      try {
        return await runFaulted(workspace, {
          inputs: {
            address: liar.address,
            'task-queue': server.taskQueue,
            versioning: 'version-set',
          },
          replayer: breaks === undefined ? {} : { breaks },
          truth: isListingChanged ? undefined : truth,
          limitMs: 300_000,
        });
      } finally {
        await liar.stop();
      }
    },
  };
}

testFaults('a server that answers wrongly never makes it green by accident', {
  name: 'answers',
  runs: { fast: 2, middle: 6, trust: 70 },
  caseOf,
});
