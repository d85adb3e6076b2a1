import { describe, expect, test } from '@jest/globals';
import { wilson } from '../../../bench/diagnosis/wilson.js';

describe('the 95 % interval of a share', () => {
  test('is that of the textbook', () => {
    const { low, high } = wilson(8, 10);
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
  });

  test('of all is not certainty, and of more of them is closer to it', () => {
    expect(wilson(10, 10)).toEqual({
      low: expect.closeTo(0.7225, 4),
      high: expect.closeTo(1),
    });
    expect(wilson(100, 100).low).toBeCloseTo(0.963, 4);
  });

  test('of none at all says nothing', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});
