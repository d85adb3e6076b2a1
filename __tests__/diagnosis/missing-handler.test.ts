import { describe, expect, test } from '@jest/globals';
import { align } from '../../src/diagnosis/align.js';
import { missingHandlerWords } from '../../src/diagnosis/missing-handler.js';
import type { RecordedHandler } from '../../src/replay/protocol.js';
import { EventHistory } from '../builders/event-history.js';
import { recordedHistory } from '../builders/recorded-history.js';

const history = new EventHistory().task().signal('approve').task().activity('charge');

function words(handlers: readonly RecordedHandler[], unhandledSignals = ['approve']): string {
  const mismatch = align(recordedHistory(history.events), []);
  if (mismatch === undefined) throw new Error('history and code agree');
  return (
    missingHandlerWords('signal-handler-missing', { mismatch, unhandledSignals }, handlers) ?? ''
  );
}

const signals = (...names: string[]): RecordedHandler[] =>
  names.map((name) => ({ kind: 'signal', name }));

describe('a signal that no handler took', () => {
  test('is named beside what the code handles', () => {
    const handlers: RecordedHandler[] = [...signals('confirm'), { kind: 'update', name: 'add' }];
    expect(words(handlers)).toBe(
      'Signal approve came, which the code does not handle; it handles confirm.',
    );
  });

  test('also where the code handles none, or many', () => {
    expect(words([])).toContain('; it handles no signal.');
    expect(words(signals('a', 'b', 'c', 'd', 'e', 'f', 'g'))).toContain(
      '; it handles a, b, c, d, e and 2 more.',
    );
  });

  test('is not made up where its name is not known, or the cause is another', () => {
    expect(words(signals('confirm'), [])).toBe('');
    const mismatch = align(recordedHistory(history.events), []);
    if (mismatch === undefined) throw new Error('history and code agree');
    expect(
      missingHandlerWords('command-removed', { mismatch, unhandledSignals: ['approve'] }, []),
    ).toBeUndefined();
  });
});
