import { describe, expect, test } from '@jest/globals';
import { INPUT_NAMES } from '../../src/inputs/raw-inputs.js';
import { COMMAND_NAMES, COMMANDS } from '../../src/terminal/commands.js';
import { GITHUB_INPUTS, OPTIONS } from '../../src/terminal/options.js';
import { readCommand, UsageError } from '../../src/terminal/read-command.js';

test('a command has its name, its values and its flags', () => {
  expect(readCommand(['check', '--title', '[compatible-x] y', '--profile=prod', '--json'])).toEqual(
    {
      kind: 'command',
      name: 'check',
      values: { title: '[compatible-x] y' },
      profile: 'prod',
      keep: [],
      flags: new Set(['json']),
      argument: undefined,
    },
  );
});

test.each([
  [['chekc'], /one of check/u],
  [['-t', 'x'], /name the command first/u],
  [['--fail-on-stuck'], /Unknown option/u],
  [['check', '--titel', 'x'], /Unknown option '--titel'.*check --help/u],
  [['check', '--title'], /argument missing/u],
  [['check', 'histories'], /options only/u],
  [['retire', '--title', 'x'], /Unknown option '--title'/u],
  [['check', '--github-token', 'x'], /Unknown option/u],
  [['check', '--json=yes'], /does not take an argument/u],
])('%j is a wrong command line', (args, message) => {
  const read = (): unknown => readCommand(args);
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});

test('options without a command are those of a check', () => {
  const options = ['--title', '[compatible-x] y', '--json'];
  expect(readCommand(options)).toEqual(readCommand(['check', ...options]));
});

test('a value that begins with a dash is taken after an equals sign', () => {
  expect(readCommand(['check', '--title=-x'])).toMatchObject({ values: { title: '-x' } });
});

describe('the help', () => {
  const helpOf = (...args: string[]): string => {
    const asked = readCommand(args);
    return asked.kind === 'help' ? asked.text : '';
  };

  test.each([[[]], [['--help']], [['-h']], [['help']]])('%j names every command', (args) => {
    for (const name of COMMAND_NAMES) expect(helpOf(...args)).toContain(`\n  ${name}`);
  });

  test.each(COMMAND_NAMES)('of %s has a sentence for each option, and examples', (name) => {
    const help = helpOf(name, '--help');
    expect(helpOf('help', name)).toBe(help);
    for (const option of COMMANDS[name].options) expect(help).toContain(`--${option}`);
    expect(help.split('\n').filter((line) => line.length > 110)).toEqual([]);
    expect(help).toMatch(/Examples:\n {2}# .+\n {2}npx github:OWNER\/temporal-replay-action /u);
  });

  test.each(COMMAND_NAMES)('of %s has examples that can be read', (name) => {
    for (const [line] of COMMANDS[name].examples) {
      const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu)];
      const args = words.map(([, ...parts]) => parts.join(''));
      expect(readCommand(args)).toMatchObject({ kind: 'command', name });
    }
  });
});

test('every input is an option, but for those that belong to GitHub', () => {
  const here = new Set<string>([...Object.keys(OPTIONS), ...GITHUB_INPUTS]);
  expect(INPUT_NAMES.filter((name) => !here.has(name))).toEqual([]);
  for (const { words } of Object.values(OPTIONS)) expect(words).toMatch(/^[A-Z].*\.$/u);
});
