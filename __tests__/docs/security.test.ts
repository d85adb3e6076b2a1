import { expect, test } from '@jest/globals';
import { expectShown, shownRows } from './titles.js';

/** The table of what is defended in docs/internals/security.md names, for each claim, the test that shows it. */

const rows = shownRows('docs/internals/security.md');

test('there are rows', () => {
  expect(rows.length).toBeGreaterThan(25);
});

test.each(rows.map((row) => [row.cells[0], row] as const))('%s', (_, row) => expectShown(row));
