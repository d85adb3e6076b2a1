import { describe, expect, test } from '@jest/globals';
import {
  bestExplanation,
  isStillToCome,
  type Explanation,
} from '../../src/diagnosis/best-explanation.js';
import type { Named } from '../../src/diagnosis/named-in-source.js';

/** `a b` are activities, `timer` a timer, `cancel` and `answer` (of an update) what no source names. */
function named(text: string): Named[] {
  return text.split(' ').flatMap((word) => {
    if (word === '') return [];
    if (word === 'timer') return [{ command: 'StartTimer', name: '' }];
    if (word === 'cancel') return [{ command: 'CancelTimer', name: '' }];
    if (word === 'answer') return [{ command: 'UpdateResponse', name: 'completed' }];
    return [{ command: 'ScheduleActivityTask', name: word }];
  });
}

describe('how the code goes on tells what happened', () => {
  test.each<[Explanation, string, string, string, string]>([
    ['added', 'history goes on behind it', 'b c d', 'x', 'b c d'],
    ['added', 'history has nothing further', 'b', 'x', 'b c d'],
    ['replaced', "what follows history's command comes behind it", 'b c d', 'x', 'c d'],
    ['replaced', 'history has nothing further, and the source is elsewhere', 'b', 'x', 'c d'],
    ['replaced', 'the same activity is named much later', 'b c d b', 'x', 'c d b'],
    ['replaced', 'in a loop', 'timer a b timer a b', 'x', 'a b x'],
    ['removed', 'what history holds next is due at once', 'b c d', 'c', 'd'],
    ['removed', 'of several', 'a b c d', 'c', 'd'],
    ['removed', 'a cancellation', 'cancel b c', 'b', 'c'],
    ['moved', 'what history holds next comes first, and the other behind it', 'b c d', 'c', 'b d'],
    ['moved', 'to the front', 'a b c d', 'c', 'a b d'],
    ['added', 'of the same name as a later one', 'b c d', 'c', 'b c d'],
    ['added', "before an update's answer, which comes all the same", 'answer b c', 'x', 'b c'],
    ['added', "before an update's answer, and nothing else tells", 'answer', 'x', ''],
    ['moved', "from behind an update's answer before it", 'answer b c', 'b', 'c'],
  ])('%s: %s', (explanation, _, history, code, outlook) => {
    expect(
      bestExplanation({ history: named(history), code: named(code), outlooks: [named(outlook)] }),
    ).toBe(explanation);
  });

  test('what the code issued besides counts as what comes next', () => {
    const places = { history: named('b c'), outlooks: [named('d')] };
    expect(bestExplanation({ ...places, code: named('x b c') })).toBe('added');
    expect(bestExplanation({ ...places, code: named('x c') })).toBe('replaced');
  });
});

test('code that waits comes to what history holds, or has left it out', () => {
  expect(isStillToCome(named('b c'), named('b c'))).toBe(true);
  expect(isStillToCome(named('b c'), named('c'))).toBe(false);
  // Of one name further down it cannot be told apart but by what lies between.
  expect(isStillToCome(named('b c d'), named('c d b'))).toBe(false);
  expect(isStillToCome(named('cancel b'), named('b'))).toBe(false);
  expect(isStillToCome([], named('b'))).toBe(false);
});
