import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { executionKey } from '../../src/model/coverage.js';
import type { Execution } from '../../src/model/execution.js';
import type { HistoryRead } from '../../src/model/history.js';
import type { Plan } from '../../src/model/plan.js';
import { ReplayChoice } from '../../src/selection/replay-choice.js';
import { aClosedExecution, anExecution, executions } from '../builders/executions.js';

interface Way {
  readonly shape?: string;
  readonly eventCount?: number;
  readonly bytes?: number;
  readonly completedTasks?: number;
}

function read(execution: Execution, way: Way = {}): HistoryRead {
  const { shape = 'straight', eventCount = 10, bytes = 100, completedTasks = 1 } = way;
  const history = { bytes: new Uint8Array(bytes), eventCount, completedTasks, shape };
  return { kind: 'read', execution, history };
}

function plan(reads: readonly Execution[], changes: Partial<Plan> = {}): Plan {
  return { reads, maxReplays: reads.length, isInOrder: false, sampled: [], ...changes };
}

function takeAll(choice: ReplayChoice): string[] {
  const taken: string[] = [];
  for (let next = choice.take(); next !== undefined; next = choice.take()) {
    taken.push(next.execution.workflowId);
  }
  return taken;
}

/** Executions with a way each: what is read, in order. */
function reads(...ways: (Way & { id: string; closed?: boolean; type?: string })[]): HistoryRead[] {
  return ways.map(({ id, closed = false, type = 'order', ...way }) => {
    const build = closed ? aClosedExecution : anExecution;
    return read(build({ workflowId: id, workflowType: type }), way);
  });
}

function choiceOf(all: readonly HistoryRead[], changes: Partial<Plan> = {}): ReplayChoice {
  const choice = new ReplayChoice(
    plan(
      all.map(({ execution }) => execution),
      changes,
    ),
  );
  for (const one of all) choice.add(one);
  return choice;
}

describe('the choice of what is replayed next', () => {
  test('begins with one of each shape, then a second of each', () => {
    const choice = choiceOf(
      reads(
        { id: 'a1', shape: 'a' },
        { id: 'a2', shape: 'a' },
        { id: 'b1', shape: 'b' },
        { id: 'a3', shape: 'a' },
        { id: 'b2', shape: 'b' },
      ),
    );
    expect(takeAll(choice)).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  test('takes running before closed, and the longer before the shorter, within equal shapes', () => {
    const choice = choiceOf(
      reads(
        { id: 'closed', shape: 'a', closed: true, eventCount: 90 },
        { id: 'short', shape: 'b', eventCount: 10 },
        { id: 'long', shape: 'c', eventCount: 50 },
      ),
    );
    expect(takeAll(choice)).toEqual(['long', 'short', 'closed']);
  });

  test('passes on at once what there is nothing to replay of, and it costs no replay', () => {
    const [gone, waiting, real] = executions(3) as [Execution, Execution, Execution];
    const choice = new ReplayChoice(plan([gone, waiting, real], { maxReplays: 1 }));
    choice.add({ kind: 'gone', execution: gone });
    choice.add(read(waiting, { completedTasks: 0 }));
    choice.add(read(real));
    expect(takeAll(choice)).toEqual([gone, waiting, real].map(({ workflowId }) => workflowId));
    expect(choice.isSpent).toBe(true);
  });

  test('replays at once whatever comes where everything can be replayed', () => {
    const all = reads({ id: '1' }, { id: '2' }, { id: '3' });
    const choice = new ReplayChoice(plan(all.map(({ execution }) => execution)));
    for (const one of all) {
      choice.add(one);
      expect(choice.take()).toBe(one);
    }
  });
});

describe('where more is read than can be replayed', () => {
  /** Closed ones, so that no stratum asks for its twenty. */
  const closed = (count: number, shape: (index: number) => string): HistoryRead[] =>
    reads(
      ...Array.from({ length: count }, (_, index) => ({
        id: String(index),
        closed: true,
        shape: shape(index),
      })),
    );

  test('keeps the replays for shapes that may still come', () => {
    const all = closed(10, (index) => (index < 8 ? 'usual' : `rare ${index}`));
    const choice = new ReplayChoice(
      plan(
        all.map(({ execution }) => execution),
        { maxReplays: 3 },
      ),
    );
    const taken: string[] = [];
    for (const one of all) {
      choice.add(one);
      taken.push(...takeAll(choice));
    }
    choice.end();
    expect([...taken, ...takeAll(choice)]).toEqual(['0', '8', '9']);
  });

  test('spends what no new shape came for on further ones of known shapes', () => {
    const all = closed(10, () => 'usual');
    const choice = choiceOf(all, { maxReplays: 4 });
    choice.end();
    expect(takeAll(choice)).toHaveLength(4);
  });

  test('always replays those that were drawn by chance, whatever their shapes', () => {
    const all = reads(
      ...Array.from({ length: 200 }, (_, index) => ({
        id: String(index),
        shape: index < 100 ? `new ${index}` : 'usual',
      })),
    );
    const sampled = all.slice(-10).map(({ execution }) => execution);
    const choice = choiceOf(all, { maxReplays: 60, sampled });
    choice.end();
    const taken = takeAll(choice);
    expect(taken).toHaveLength(60);
    expect(taken).toEqual(expect.arrayContaining(sampled.map(({ workflowId }) => workflowId)));
  });

  test('replays of each type that runs the twenty that the verdict asks for', () => {
    const all = reads(
      ...Array.from({ length: 100 }, (_, index) => ({
        id: `many ${index}`,
        type: 'many',
        shape: `many ${index}`,
      })),
      ...Array.from({ length: 30 }, (_, index) => ({
        id: `one ${index}`,
        type: 'one',
        shape: 'one',
      })),
    );
    const choice = choiceOf(all, { maxReplays: 40 });
    choice.end();
    const taken = takeAll(choice);
    expect(taken.filter((id) => id.startsWith('one'))).toHaveLength(20);
    expect(taken.filter((id) => id.startsWith('many'))).toHaveLength(20);
  });

  test('keeps none for executions that have vanished', () => {
    const vanished = executions(2);
    const [one, another] = reads(
      { id: 'a', shape: 'a', closed: true },
      { id: 'b', shape: 'b', closed: true },
    ) as [HistoryRead, HistoryRead];
    const all = [...vanished, one.execution, another.execution];
    const choice = new ReplayChoice(plan(all, { maxReplays: 1 }));
    for (const execution of vanished) choice.add({ kind: 'gone', execution });
    choice.add(one);
    expect(takeAll(choice)).toEqual([...vanished.map(({ workflowId }) => workflowId), 'a']);
  });

  test('holds so many bytes, and gives up of known shapes what is over', () => {
    const all = reads(
      ...Array.from({ length: 60 }, (_, index) => ({
        id: String(index),
        closed: true,
        shape: index === 59 ? 'rare' : 'usual',
        bytes: 1024 * 1024,
      })),
    );
    const choice = new ReplayChoice(
      plan(
        all.map(({ execution }) => execution),
        { maxReplays: 40 },
      ),
    );
    const taken: string[] = [];
    let added = 0;
    for (const one of all) {
      if (!choice.hasRoom) taken.push(choice.take()?.execution.workflowId ?? '');
      expect(choice.hasRoom).toBe(true);
      choice.add(one);
      added += 1;
      // 20 of 60 are given up before it is full of what there are replays for.
      if (added === 52) expect(taken).toEqual([]);
    }
    choice.end();
    taken.push(...takeAll(choice));
    expect(taken).toContain('59');
    expect(taken).toHaveLength(40);
  });

  test('never gives up what there is a replay for: it stops the reading instead', () => {
    const all = reads(
      ...Array.from({ length: 60 }, (_, index) => ({ id: String(index), bytes: 1024 * 1024 })),
    );
    const choice = new ReplayChoice(plan(all.map(({ execution }) => execution)));
    let added = 0;
    for (const one of all) {
      if (!choice.hasRoom) break;
      choice.add(one);
      added += 1;
    }
    expect(added).toBe(32);
    expect(takeAll(choice)).toHaveLength(32);
    expect(choice.hasRoom).toBe(true);
  });
});

test('nothing is lost, nothing comes twice, and nothing waits for what cannot come', () => {
  const anyRead = fc.record({
    type: fc.constantFrom('A', 'B'),
    closed: fc.boolean(),
    shape: fc.constantFrom('a', 'b', 'c', 'd'),
    kind: fc.constantFrom('read', 'read', 'read', 'gone'),
    sampled: fc.boolean(),
    missing: fc.constantFrom(false, false, false, true),
  });
  fc.assert(
    fc.property(fc.array(anyRead, { maxLength: 80 }), fc.nat({ max: 90 }), (ways, most) => {
      const all = ways.map(({ type, closed, shape, kind }) => {
        const execution = (closed ? aClosedExecution : anExecution)({ workflowType: type });
        return kind === 'gone' ? ({ kind, execution } as const) : read(execution, { shape });
      });
      const maxReplays = Math.min(Math.max(1, most), all.length);
      const sampled = all
        .filter(({ execution }, index) => ways[index]?.sampled && execution.status === 'Running')
        .slice(0, Math.floor(maxReplays / 4));
      const choice = new ReplayChoice(
        plan(
          all.map(({ execution }) => execution),
          { maxReplays, sampled: sampled.map(({ execution }) => execution) },
        ),
      );
      const taken: HistoryRead[] = [];
      const drain = (): void => {
        for (let next = choice.take(); next !== undefined; next = choice.take()) taken.push(next);
      };
      // Some of what was planned is never read: the server was lost.
      const there = all.filter((_, index) => ways[index]?.missing === false);
      for (const one of there) {
        if (!choice.hasRoom) drain();
        if (choice.isSpent) break;
        expect(choice.hasRoom).toBe(true);
        choice.add(one);
        drain();
      }
      choice.end();
      drain();
      expect(new Set(taken.map(({ execution }) => executionKey(execution))).size).toBe(
        taken.length,
      );
      const replayed = taken.filter(({ kind }) => kind === 'read').length;
      const readable = there.filter(({ kind }) => kind === 'read').length;
      expect(replayed).toBe(Math.min(maxReplays, readable));
      if (there.length === all.length) {
        const missed = sampled.filter((one) => one.kind === 'read' && !taken.includes(one));
        expect(missed).toEqual([]);
      }
    }),
  );
});
