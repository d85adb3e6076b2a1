import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERDICT_REASONS } from '../../src/model/verdict.js';
import { projectRoot } from '../../testing/project-root.js';

/** docs/troubleshooting.md quotes messages: a message that nobody says any more must leave the page. */

const MESSAGE = / /u;

const cells = readFileSync(join(projectRoot, 'docs/troubleshooting.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/gu)])
  .map(([, quoted = '']) => quoted);

/** The texts of the code, with what is put into them at run time as `…`, and without line breaks. */
const said = ['src', 'replayers/typescript']
  .flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(projectRoot, folder, name), 'utf8')),
  )
  .join('\n')
  .replace(/['"`]\s*\+\s*['"`]/gu, '')
  .replace(/\$\{[^}`]*\}/gu, '…')
  .toLowerCase();

test('there are messages', () => {
  expect(cells.filter((cell) => MESSAGE.test(cell)).length).toBeGreaterThan(40);
});

test.each(cells.filter((cell) => MESSAGE.test(cell)))('%s', (message) => {
  const words = message.split(' ');
  const parts = words
    .map((_, index) => words.slice(index, index + WORDS))
    .filter((part) => part.length === Math.min(WORDS, words.length))
    .map((part) => part.join(' '));
  expect(parts.some((part) => said.includes(part.toLowerCase()))).toBe(true);
});

test.each(cells.filter((cell) => !MESSAGE.test(cell)))('%s is a reason', (reason) => {
  expect(VERDICT_REASONS).toContain(reason);
});

/** Names that a message was given at run time stand between its words, so not all of them are found in a row. */
const WORDS = 3;
