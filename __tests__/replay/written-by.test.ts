import { expect, test } from '@jest/globals';
import { newerThanReplayer } from '../../src/replay/written-by.js';
import { isNewerVersion } from '../../src/model/sdk-version.js';

test.each([
  ['1.24.0', '1.8.0', true],
  ['1.8.0', '1.24.0', false],
  ['1.24.1', '1.24.0', true],
  ['2.0', '1.99.9', true],
  ['v1.50.0', '1.26.0', true],
  ['1.24.0', '1.24.0', false],
  ['1.24.0-rc.1', '1.24.0', false],
  ['1.24.0', '1.25.0-rc.1', false],
  ['1.27.0-0.20260101000000-abcdefabcdef', '1.26.1', true],
  ['unknown', '1.24.0', false],
  ['1.24.0', 'unknown', true],
])('%s is newer than %s: %p', (version, than, newer) => {
  expect(isNewerVersion(version, than)).toBe(newer);
});

test('nothing is said of versions that are not known', () => {
  expect(newerThanReplayer(undefined, '1.8.0')).toBeUndefined();
  expect(newerThanReplayer('1.24.0', undefined)).toBeUndefined();
  expect(newerThanReplayer('1.24.0', '1.8.0')).toBe(
    'SDK 1.24.0 wrote its history, and the code under test has the older 1.8.0',
  );
});
