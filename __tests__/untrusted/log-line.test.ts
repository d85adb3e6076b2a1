import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { logLine } from '../../src/untrusted/log-line.js';
import { RunnerCommands, splitLines } from '../../testing/runner-commands.js';
import { hostileText } from './hostile-text.js';

/** What a runner executes of a text that is printed as a line of its own. */
function executedOf(printed: string): readonly string[] {
  const runner = new RunnerCommands(undefined);
  for (const line of splitLines(`${printed}\n`)) runner.process(line);
  return runner.executed;
}

test('the judge knows a command when it sees one', () => {
  expect(executedOf('::error::forged')).toEqual(['::error::forged']);
  expect(executedOf('text ##[error]forged')).toHaveLength(1);
});

const COMMANDS = [
  '::error::forged',
  '  ::error::forged',
  '\t::add-mask::x',
  '\u0085::error::forged',
  '\u001b[31m::error::forged',
  'text\n::error::forged',
  'text\r::error::forged',
  'text\u2028::error::forged',
  '##[error]forged',
  'text ##[add-mask]x',
  '###[error]forged',
  '##\u001b[0m[error]forged',
  '##[##[error]]forged',
  '::stop-commands::token',
  ':::error::forged',
  ': ::error::forged',
  '::ERROR file=a,line=1::forged',
];

test.each(COMMANDS)('%j executes nothing', (text) => {
  expect(executedOf(logLine(text))).toEqual([]);
});

test('no text executes anything, at the start of a line or behind other words', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(executedOf(logLine(text))).toEqual([]);
      expect(executedOf(`Compatible: ${logLine(text)}`)).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test('no text ends a line, or holds a character that cannot be seen', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(logLine(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test.each(['a::b', 'time 12:30', '## heading', 'C# [x]', '[compatible-v2.0] Wait'])(
  'harmless text stays as it is: %s',
  (text) => {
    expect(logLine(text)).toBe(text);
  },
);
