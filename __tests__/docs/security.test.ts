import { expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../testing/project-root.js';

/** The table of what is defended in docs/internals/security.md names, for each claim, the test that shows it. */

const rows = readFileSync(join(projectRoot, 'docs/internals/security.md'), 'utf8')
  .split('\n## ')
  .filter((section) => section.startsWith('What is defended'))
  .flatMap((section) => section.split('\n'))
  .filter((line) => line.startsWith('|') && line.includes(' › '))
  .map((line) => {
    const [, claim = '', shownBy = ''] = line.split(' | ').join('|').split('|');
    const [, file = '', name = ''] = /`([^`]+)` › (.*)/u.exec(shownBy.trim()) ?? [];
    return { claim: claim.trim(), file, name };
  });

test('there are rows', () => {
  expect(rows.length).toBeGreaterThan(25);
});

test.each(rows)('$claim: $file › $name', ({ file, name }) => {
  expect(existsSync(join(projectRoot, file))).toBe(true);
  const source = readFileSync(join(projectRoot, file), 'utf8').replace(/\\'/gu, "'");
  // As a title, and not as words of a comment.
  const titles = [...source.matchAll(/['"`]((?:[^'"`\n]|(?<=\w)['’](?=\w))+)['"`],/gu)].map(
    ([, title]) => title,
  );
  expect(titles).toContain(name);
});
