import type { Execution } from '../../src/model/execution.js';
import type { HistoryRead } from '../../src/model/history.js';
import { planReplays } from '../../src/selection/plan-replays.js';
import { drawn, randomNumbers } from '../../src/selection/random.js';
import { ReplayChoice } from '../../src/selection/replay-choice.js';
import { BROKEN, evenly, EXECUTIONS, SHAPES } from './shapes.js';
import { median, type Row } from './table.js';

/** A server full of executions, and which of them break. */
interface World {
  readonly listed: readonly Execution[];
  /** By place in the listing. */
  readonly shapes: readonly number[];
  readonly breaking: number;
}

/** How a run went until the first divergence. */
interface Way {
  /** Histories replayed, the diverging one included. */
  readonly replays: number;
  readonly reads: number;
  readonly isFound: boolean;
  /** Whether a history of the breaking shape was read at all. */
  readonly isRead: boolean;
}

interface Budget {
  readonly maxReads: number;
  readonly maxHistories: number;
}

/**
 * Executions of one type and build, all running, in chance order; nothing tells their shapes apart before
 * they are read, unless their lengths do.
 *
 * @param sizes executions of each shape
 */
function world(sizes: readonly number[], breaking: number, tells: boolean, seed: number): World {
  const shapes = drawn(
    sizes.flatMap((size, shape) => Array.from({ length: size }, () => shape)),
    Number.POSITIVE_INFINITY,
    seed,
  );
  const listed = shapes.map((shape, place): Execution => ({
    workflowId: String(place),
    runId: String(place),
    workflowType: 'order',
    taskQueue: 'orders',
    status: 'Running',
    buildIds: ['v1'],
    ...(tells ? { historyLength: 20 + shape } : {}),
  }));
  return { listed, shapes, breaking };
}

/** The gate's own plan and choice: one history is read, then one is replayed where one is wanted. */
function ours({ listed, shapes, breaking }: World, budget: Budget, seed: number): Way {
  const plan = planReplays(listed, { ...budget, select: 'coverage', seed });
  const choice = new ReplayChoice(plan);
  let replays = 0;
  let reads = 0;
  let isRead = false;
  const replayOne = (): boolean => {
    const next = choice.take();
    if (next === undefined) return false;
    replays += 1;
    return shapes[Number(next.execution.workflowId)] === breaking;
  };
  for (const execution of plan.reads) {
    if (choice.isSpent) break;
    while (!choice.hasRoom) {
      if (replayOne()) return { replays, reads, isFound: true, isRead: true };
    }
    const shape = shapes[Number(execution.workflowId)] ?? 0;
    isRead ||= shape === breaking;
    reads += 1;
    choice.add(historyOf(execution, shape));
    if (replayOne()) return { replays, reads, isFound: true, isRead };
  }
  choice.end();
  for (let before = -1; before !== replays;) {
    before = replays;
    if (replayOne()) return { replays, reads, isFound: true, isRead };
  }
  return { replays, reads, isFound: false, isRead };
}

const BYTES = new Uint8Array(0);

function historyOf(execution: Execution, shape: number): HistoryRead {
  const history = { bytes: BYTES, eventCount: 60, completedTasks: 10, shape: String(shape) };
  return { kind: 'read', execution, history };
}

/** As many as may be replayed, in this order; what is read is replayed. */
function inOrder({ shapes, breaking }: World, places: Iterable<number>, maxHistories: number): Way {
  let replays = 0;
  for (const place of places) {
    if (replays >= maxHistories) break;
    replays += 1;
    if (shapes[place] === breaking) {
      return { replays, reads: replays, isFound: true, isRead: true };
    }
  }
  return { replays, reads: replays, isFound: false, isRead: false };
}

/** One shape of 200 in 0.1 % of 10,000 executions breaks: how many replays until it shows. */
export function firstDivergence(seeds: number): Row[] {
  const section = `first divergence: 1 shape of ${SHAPES} in 0.1 % of ${EXECUTIONS} executions, ${seeds} seeds`;
  // No budget that matters: the question is when.
  const budget = { maxReads: EXECUTIONS, maxHistories: 1000 };
  const sizes = [BROKEN, ...evenly(EXECUTIONS - BROKEN, SHAPES - 1)];
  const rows: Row[] = [];
  const strategies: Readonly<Record<string, (seed: number) => Way>> = {
    'first N': (seed) => inOrder(world(sizes, 0, false, seed), all(), EXECUTIONS),
    random: (seed) =>
      inOrder(
        world(sizes, 0, false, seed),
        drawn([...all()], EXECUTIONS, seed + 1_000_000),
        EXECUTIONS,
      ),
    'ours, blind': (seed) => ours(world(sizes, 0, false, seed), budget, seed),
    'ours, where length tells the shape': (seed) => ours(world(sizes, 0, true, seed), budget, seed),
  };
  const replaysOf = new Map<string, number>();
  for (const [name, run] of Object.entries(strategies)) {
    const ways = Array.from({ length: seeds }, (_, seed) => run(seed));
    const replays = median(ways.map((way) => way.replays));
    const found = ways.filter(({ isFound }) => isFound).length;
    replaysOf.set(name, replays);
    rows.push({
      section,
      name: `replays before it shows, ${name}`,
      value: replays,
      unit: 'histories',
      detail:
        `read ${median(ways.map(({ reads }) => reads))}, found in ${found} of ${seeds}; ` +
        `mean of replays ${mean(ways.map((way) => way.replays)).toFixed(0)}`,
    });
  }
  const first = replaysOf.get('first N') ?? Number.NaN;
  const fewer = (name: string): number => first / (replaysOf.get(name) ?? Number.NaN);
  rows.push(
    {
      section,
      name: 'times fewer replays than first N, blind',
      value: fewer('ours, blind'),
      unit: 'times',
      target: { at: 'least', value: 1.5 },
    },
    {
      section,
      name: 'times fewer replays than first N, where length tells',
      value: fewer('ours, where length tells the shape'),
      unit: 'times',
      target: { at: 'least', value: 10 },
    },
  );
  return rows;
}

/** A whole shape breaks, large or small: how often it shows with 2,000 reads and 300 replays. */
export function detection(seeds: number): Row[] {
  const budget = { maxReads: 2000, maxHistories: 300 };
  const section = `detection of a shape that breaks, ${budget.maxReads} reads, ${budget.maxHistories} replays, ${seeds} seeds`;
  const sizes = byRank(EXECUTIONS, SHAPES);
  const ways = Array.from({ length: seeds }, (_, seed) => {
    // Any shape, the most usual or the rarest, is as likely to break as any other.
    const breaking = Math.floor(randomNumbers(seed + 2_000_000)() * SHAPES);
    const one = world(sizes, breaking, false, seed);
    return {
      first: inOrder(one, all(), budget.maxHistories),
      random: inOrder(
        one,
        drawn([...all()], budget.maxHistories, seed + 1_000_000),
        budget.maxHistories,
      ),
      ours: ours(one, budget, seed),
    };
  });
  const share = (found: number, of: number): number => (100 * found) / of;
  const read = ways.filter((way) => way.ours.isRead);
  const foundOfRead = read.filter((way) => way.ours.isFound).length;
  return [
    {
      section,
      name: 'found by first N',
      value: share(ways.filter(({ first }) => first.isFound).length, seeds),
      unit: '%',
    },
    {
      section,
      name: 'found by random',
      value: share(ways.filter(({ random }) => random.isFound).length, seeds),
      unit: '%',
    },
    {
      section,
      name: 'found by ours',
      value: share(ways.filter((way) => way.ours.isFound).length, seeds),
      unit: '%',
    },
    {
      section,
      name: 'found by ours, of those whose shape was read',
      value: share(foundOfRead, read.length),
      unit: '%',
      target: { at: 'least', value: 99 },
      detail: `${foundOfRead} of ${read.length}`,
    },
  ];
}

function all(): Iterable<number> {
  return Array.from({ length: EXECUTIONS }, (_, place) => place);
}

/** The second shape half as usual as the first, the third a third as usual, and so on: Zipf's law. */
function byRank(executions: number, shapes: number): number[] {
  const weights = Array.from({ length: shapes }, (_, shape) => 1 / (shape + 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const sizes = weights.map((weight) => Math.max(1, Math.floor((executions * weight) / sum)));
  const rest = executions - sizes.reduce((total, size) => total + size, 0);
  return [(sizes[0] ?? 0) + rest, ...sizes.slice(1)];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
