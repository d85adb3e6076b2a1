import { describe, expect, it } from '@jest/globals';
import { addedLines } from '../../src/github/patch.js';

describe('addedLines', () => {
  it('numbers what a hunk adds by the new file', () => {
    const patch = [
      '@@ -10,4 +10,5 @@ export async function order() {',
      ' before',
      '-old',
      '+new',
      '+another',
      ' after',
    ].join('\n');

    expect([...addedLines(patch)]).toEqual([
      [11, 'new'],
      [12, 'another'],
    ]);
  });

  it('begins anew with every hunk', () => {
    const patch = '@@ -1 +1,2 @@\n one\n+two\n@@ -30,2 +31,3 @@\n thirty\n+more\n last';

    expect([...addedLines(patch).keys()]).toEqual([2, 32]);
  });

  it('takes a new file, and a file without an end of line', () => {
    const patch = '@@ -0,0 +1,2 @@\n+one\n+two\n\\ No newline at end of file';

    expect([...addedLines(patch)]).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
  });

  it('keeps added lines that look like a header', () => {
    expect([...addedLines('@@ -1 +1,2 @@\n one\n+@@ -9 +9 @@')]).toEqual([[2, '@@ -9 +9 @@']]);
    expect([...addedLines('@@ -1 +1,2 @@\n one\n+++ two')]).toEqual([[2, '++ two']]);
  });

  it('keeps the line ends that the file has', () => {
    expect([...addedLines('@@ -1 +1,2 @@\n one\r\n+two\r')]).toEqual([[2, 'two\r']]);
  });

  it('finds nothing in what only removes', () => {
    expect(addedLines('@@ -1,2 +1 @@\n one\n-two').size).toBe(0);
  });
});
