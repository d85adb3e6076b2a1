import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { versionSetQuery } from '../../src/temporal/query.js';
import { hostileText } from '../untrusted/hostile-text.js';

test('one queue and one build are compared', () => {
  expect(versionSetQuery(['orders'], ['v1.0'], undefined)).toBe(
    'TaskQueue = "orders" AND BuildIds = "versioned:v1.0"',
  );
});

test('several are listed', () => {
  expect(versionSetQuery(['orders', 'refunds'], ['v1.0', 'v1.1'], undefined)).toBe(
    'TaskQueue IN ("orders", "refunds") AND BuildIds IN ("versioned:v1.0", "versioned:v1.1")',
  );
});

test("the user's filter can only narrow what is selected", () => {
  expect(versionSetQuery(['orders'], ['v1.0'], 'Region = "eu" OR Region = "us"')).toBe(
    'TaskQueue = "orders" AND BuildIds = "versioned:v1.0" AND (Region = "eu" OR Region = "us")',
  );
});

test.each([
  [[], ['v1.0']],
  [['orders'], []],
])('a query that would select everything is a bug: %j, %j', (queues, builds) => {
  expect(() => versionSetQuery(queues, builds, undefined)).toThrow('at least one value');
});

test('no value ends its quotes: it is whole between two of them, or refused', () => {
  fc.assert(
    fc.property(hostileText, (value) => {
      let query: string;
      try {
        query = versionSetQuery([value], [value], undefined);
      } catch {
        expect(value).toMatch(/['"`\\]|\p{C}/u);
        return;
      }
      expect(query).toBe(`TaskQueue = "${value}" AND BuildIds = "versioned:${value}"`);
      expect(query.match(/"/gu)).toHaveLength(4);
      expect(query).not.toContain('\\');
    }),
  );
});
