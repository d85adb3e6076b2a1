import { expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The table of situations in docs/internals/situations.md names, for each row, the test that shows it. */

const ROOT = join(import.meta.dirname, '../..');

const rows = readFileSync(join(ROOT, 'docs/internals/situations.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && line.includes(' › '))
  .map((line) => {
    const [situation = '', , , shownBy = ''] = line.split(' | ').map((cell) => cell.trim());
    const [, file = '', name = ''] = /^`([^`]+)` › (.*?) *\|?$/u.exec(shownBy) ?? [];
    return { situation, file, name };
  });

test('there are rows', () => {
  expect(rows.length).toBeGreaterThan(50);
});

test.each(rows)('$situation: $file › $name', ({ file, name }) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  const source = readFileSync(join(ROOT, file), 'utf8').replace(/\\'/gu, "'");
  expect(source.includes(name) && name.length > 10).toBe(true);
});
