import { expect } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '__golden__');

/**
 * Compares a text that people read with the file of that name in `__tests__/__golden__`.
 *
 * After a change that is meant, write the files anew and read their diff:
 *
 *     UPDATE_GOLDEN=1 npx jest __tests__/report
 */
export function expectGolden(name: string, text: string): void {
  const path = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}
