import { describe, expect, test } from '@jest/globals';
import { chanceIn, fieldKey, looseFields } from '../../src/diagnosis/chance.js';
import type { RecordedCommand, ResultMessage } from '../../src/replay/protocol.js';

function replayed(
  outcome: ResultMessage['outcome'],
  names: readonly string[],
  { message, digest = 'a', line = 11 }: { message?: string; digest?: string; line?: number } = {},
): ResultMessage {
  const commands = names.map((name): RecordedCommand => ({
    command: 'ScheduleActivityTask',
    name,
    historyLength: 3,
    file: '/app/workflows.py',
    line,
    carries: { values: {}, digests: { argument: `json/plain:${digest.repeat(32)}` } },
  }));
  return {
    type: 'result',
    id: 'one',
    outcome,
    commands,
    ...(message === undefined ? {} : { message }),
  };
}

describe('replays of one history', () => {
  test.each<[string, ResultMessage[]]>([
    ['that issue the same', [replayed('passed', ['a', 'b']), replayed('passed', ['a', 'b'])]],
    ['from other lines', [replayed('passed', ['a']), replayed('passed', ['a'], { line: 12 })]],
    ['of which one errs', [replayed('passed', ['a']), replayed('errored', [])]],
    [
      'of which one is too slow',
      [
        replayed('passed', ['a']),
        replayed('task-failed', [], { message: '[TMPRL1101] Potential deadlock detected' }),
      ],
    ],
    ['of which there is one', [replayed('nondeterministic', ['a'])]],
  ])('%s do the same', (_, results) => {
    expect(chanceIn(results)).toBeUndefined();
  });

  test('that end otherwise do not', () => {
    const results = [replayed('passed', ['a']), replayed('task-failed', ['a'])];
    expect(chanceIn(results)).toMatchObject({ shown: { outcome: 'task-failed' } });
  });

  test('part at the first command that differs, whichever comes first', () => {
    const results = [
      replayed('passed', ['a', 'b']),
      replayed('nondeterministic', ['a', 'c']),
      replayed('nondeterministic', ['a', 'd']),
    ];
    for (const order of [results, results.toReversed()]) {
      expect(chanceIn(order)).toMatchObject({
        shown: { outcome: 'nondeterministic', commands: [{ name: 'a' }, { name: 'c' }] },
        partsAt: { name: 'c' },
      });
    }
  });

  test('of which one stops part at the command of the other', () => {
    const results = [replayed('nondeterministic', ['a']), replayed('passed', ['a', 'b'])];
    expect(chanceIn(results)?.partsAt).toMatchObject({ name: 'b' });
  });
});

test('a field that is encoded otherwise each time is loose, and no other one', () => {
  const steady = [replayed('passed', ['a']), replayed('passed', ['a'])];
  expect(looseFields(steady)).toEqual(new Set());
  const [first = replayed('passed', [])] = steady;
  const [command] = first.commands ?? [];
  if (command === undefined) throw new Error('no command');
  expect(looseFields([first, replayed('passed', ['a'], { digest: 'b' })])).toEqual(
    new Set([fieldKey(command, 'argument')]),
  );
});
