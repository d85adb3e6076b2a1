import { expect } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../testing/project-root.js';

/** A row of a table in docs/ that says which test shows it: `FILE` › TITLE. */
export interface ShownRow {
  /** The row's cells, the last is the one that names the test. */
  readonly cells: readonly string[];
  readonly file: string;
  readonly title: string;
}

/** The rows of a page that name a test. */
export function shownRows(page: string): readonly ShownRow[] {
  return readFileSync(join(projectRoot, page), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes(' › '))
    .map((line) => {
      const cells = line.split(' | ').map((cell) => cell.replace(/^\||\|$/gu, '').trim());
      const [, file = '', title = ''] = /^`([^`]+)` › (.*)$/u.exec(cells.at(-1) ?? '') ?? [];
      return { cells, file, title };
    });
}

/** Holds a row to the test file: it is there, and a test or a group of it has this title. */
export function expectShown({ file, title }: ShownRow): void {
  expect(existsSync(join(projectRoot, file))).toBe(true);
  const source = readFileSync(join(projectRoot, file), 'utf8').replace(/\\'/gu, "'");
  // As a title, and not as words of a comment.
  const titles = [...source.matchAll(/['"`]((?:[^'"`\n]|(?<=\w)['’](?=\w))+)['"`],/gu)].map(
    ([, words]) => words,
  );
  expect(titles).toContain(title);
}
