import { expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { holdsChance } from '../../replayers/go/chance.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

async function moduleWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder('go-chance');
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}

const RANGES = 'func All(m M) { for k := range m { use(k) } }';
const MAP = 'type M map[string]bool';

test.each<[string, Readonly<Record<string, string>>, boolean]>([
  ['a range over a map', { 'wf/a.go': `${MAP}\n${RANGES}` }, true],
  ['a range over a map of another file', { 'wf/a.go': MAP, 'wf/b.go': RANGES }, true],
  ['a select', { 'a.go': 'select {\ncase <-a:\n}' }, true],
  ['a range and no map', { 'a.go': RANGES }, false],
  ['a map of another package', { 'a.go': RANGES, 'other/b.go': MAP }, false],
  ['a range over a map in a test', { 'a_test.go': `${MAP}\n${RANGES}` }, false],
  ['in vendored code', { 'vendor/x/a.go': `${MAP}\n${RANGES}` }, false],
  ['in another module', { 'x/go.mod': '', 'x/a.go': `${MAP}\n${RANGES}` }, false],
])('%s', async (_, files, holds) => {
  expect(holdsChance(await moduleWith(files))).toBe(holds);
});
