import { expect, test } from '@jest/globals';
import { FINDING } from '../../testing/set-ups.js';
import { isNamedBy, testFiles } from '../../testing/test-files.js';
import { reaches, tierOf } from '../../testing/tiers.js';

/** How test files are sorted into tiers, and what is known of their needs. */

const files = testFiles();

test.each([
  ["import { test } from '@jest/globals';", 'fast'],
  ['/** Tells of @tier middle further below */\n', 'middle'],
  ['/** @tier trust */\n', 'trust'],
  ['const a = 1;\n/** @tier trust */\n', 'fast'],
])('%j is in the tier %s', (source, tier) => {
  expect(tierOf(source)).toBe(tier);
});

test('a tier that there is not is an error', () => {
  expect(() => tierOf('/** @tier midle */')).toThrow('there is no tier midle');
});

test('each tier holds those before it', () => {
  expect(reaches('fast', 'middle')).toBe(true);
  expect(reaches('middle', 'middle')).toBe(true);
  expect(reaches('trust', 'middle')).toBe(false);
});

test('what a file needs is read from what it imports, at any distance', () => {
  const needs = (name: string): readonly string[] => {
    const [file] = files.filter((one) => isNamedBy(name, one));
    return [...FINDING].filter((module) => file?.imports.has(module));
  };
  expect(needs('__tests__/claim/parse-claim.test.ts')).toEqual([]);
  expect(needs('__tests__/replayers/go-code.test.ts')).toEqual(['testing/go-modules.ts']);
  expect(needs('__tests__/e2e/mtls.test.ts')).toContain('testing/temporal-binary.ts');
});
