import { afterAll, expect, test } from '@jest/globals';
import { placesWithSource } from '../../src/diagnosis/places-with-source.js';
import { timer } from '../builders/recorded-commands.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const file = workspace.file('src/order.ts', 'first();\n  await sleep(1000);\n\n');
const at = (line: number, of = file) =>
  placesWithSource(workspace.path)({ ...timer({ file: of, line }), historyLength: 3 });

test('a step has its place and the text of its line', () => {
  expect(at(2)).toEqual({
    location: { file: 'src/order.ts', line: 2 },
    source: 'await sleep(1000);',
  });
});

test('a line without text, or beyond the end, has its place alone', () => {
  expect(at(3)).toEqual({ location: { file: 'src/order.ts', line: 3 } });
  expect(at(30)).toEqual({ location: { file: 'src/order.ts', line: 30 } });
});

test('a file beside the checkout has neither', () => {
  expect(at(1, workspace.file('../secret.ts', 'secret();'))).toEqual({});
});

test('each place keeps its own line', () => {
  const places = placesWithSource(workspace.path);
  const of = (line: number) => places({ ...timer({ file, line }), historyLength: 3 }).source;
  expect([of(1), of(2), of(1)]).toEqual(['first();', 'await sleep(1000);', 'first();']);
});
