import { afterAll, describe, expect, test } from '@jest/globals';
import { quotedLine, quotesBelow, sourceLocation } from '../../src/diagnosis/source-location.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const source = workspace.file('packages/orders/src/workflows.ts');

function locate(file: string | undefined, line: number | undefined = 17, column?: number) {
  return sourceLocation({ file, line, column }, workspace.path);
}

test("a file of the checkout is named relative to the repository's root", () => {
  expect(locate(source)).toEqual({ file: 'packages/orders/src/workflows.ts', line: 17 });
  expect(locate(source, 17, 9)).toEqual({
    file: 'packages/orders/src/workflows.ts',
    line: 17,
    column: 9,
  });
});

test('a file that is reached through a link is named by its own path', () => {
  workspace.link('node_modules/@acme/orders', 'packages/orders');
  const linked = workspace.at('node_modules/@acme/orders/src/workflows.ts');
  expect(locate(linked)).toEqual({ file: 'packages/orders/src/workflows.ts', line: 17 });
});

test.each([
  ['a file beside the checkout', () => workspace.file('../elsewhere/workflows.ts')],
  [
    'a link in the checkout to a file beside it',
    () => {
      workspace.file('../elsewhere/linked.ts');
      return workspace.link('src/linked.ts', '../elsewhere/linked.ts');
    },
  ],
  ['a file whose folder only begins like the checkout', () => workspace.file('../checkout-2/a.ts')],
  ['an installed package', () => workspace.file('node_modules/left/index.js')],
  ["a package's installed package", () => workspace.file('packages/a/node_modules/b/index.js')],
  ['a file that does not exist', () => workspace.at('src/gone.ts')],
  ['the name of a bundle', () => 'workflow-bundle-abc.js'],
  ['a URL', () => 'file:///src/workflows.ts'],
  ['no file', () => undefined],
])('%s is no place that GitHub can show', (_, file) => {
  expect(locate(file())).toBeUndefined();
});

test('a frame without a line is no place', () => {
  expect(sourceLocation({ file: source }, workspace.path)).toBeUndefined();
});

test('a folder whose name ends like node_modules is an ordinary folder', () => {
  expect(locate(workspace.file('my_node_modules/a.ts'))).toMatchObject({
    file: 'my_node_modules/a.ts',
  });
});

describe('what a file names in quotes', () => {
  const file = workspace.file(
    'src/quotes.ts',
    ["patched('check-fraud');", 'await reserve(order);', 'define("pay$1");', "go('x');"].join('\n'),
  );
  const below = (line: number, name: string) => quotesBelow({ file, line }, name, workspace.path);

  test('is found below a place, whatever characters it has', () => {
    expect(below(1, 'pay$1')).toBe(true);
    expect(below(3, 'x')).toBe(true);
    expect(below(1, 'check-fraud')).toBe(false);
    expect(below(1, 'reserve')).toBe(false);
    expect(below(1, '')).toBe(false);
  });

  test('is found anywhere with its line', () => {
    const line = (name: string) => quotedLine({ file, line: 4 }, name, workspace.path)?.line;
    expect([line('check-fraud'), line('pay$1'), line('pay')]).toEqual([1, 3, undefined]);
  });

  test('is not looked for outside of the checkout', () => {
    expect(quotesBelow({ file: '/elsewhere.ts', line: 1 }, 'x', workspace.path)).toBe(false);
  });
});
