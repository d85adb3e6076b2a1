import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { shellWord } from '../../src/untrusted/shell-word.js';

test('a plain name stays as it is', () => {
  expect(shellWord('orders:v1.0')).toBe('orders:v1.0');
});

test.each(["it's", '$(touch x)', 'a b', '`id`', '--flag', '', 'a;b', '"q"', 'a\\b', 'ü*'])(
  'a shell takes %j as one word, and runs nothing',
  (text) => {
    const { stdout } = spawnSync('sh', ['-c', `printf '[%s]' ${shellWord(text)}`]);
    expect(stdout.toString()).toBe(`[${text}]`);
  },
);
