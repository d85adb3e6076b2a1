import { expect, test } from '@jest/globals';
import { expectShown, shownRows } from './titles.js';

/** The table of situations in docs/internals/situations.md names, for each row, the test that shows it. */

const rows = shownRows('docs/internals/situations.md');

test('there are rows', () => {
  expect(rows.length).toBeGreaterThan(50);
});

test.each(rows.map((row) => [row.cells[0], row] as const))('%s', (_, row) => expectShown(row));
