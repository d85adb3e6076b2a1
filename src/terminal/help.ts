import { PROGRAM } from '../model/program.js';
import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.js';
import { OPTIONS, type OptionName } from './options.js';

/** Characters of a line of the help. */
const WIDTH = 100;

/** All commands. */
export function overview(): string {
  return [
    `Usage: ${PROGRAM} COMMAND [options]`,
    '',
    'Commands:',
    ...COMMAND_NAMES.map((name) => `  ${name.padEnd(8)} ${COMMANDS[name].words}`),
    '',
    'COMMAND --help shows the options of a command. Options without a command are those of check.',
    'Exit codes: 0 the answer is good, 1 it is not or there is none, 2 the command line is wrong.',
  ].join('\n');
}

/** One command, with its options. */
export function helpOf(name: CommandName): string {
  const { words, argument, options, examples } = COMMANDS[name];
  return [
    `Usage: ${PROGRAM} ${name}${argument === undefined ? '' : ` ${argument.name}`} [options]`,
    '',
    words,
    ...(argument === undefined ? [] : ['', ...entry(argument.name, argument.words)]),
    '',
    'Options:',
    ...options.flatMap((option) => entry(nameOf(option), OPTIONS[option].words)),
    '',
    'Examples:',
    ...examples.flatMap(([line, what]) => [`  # ${what}`, `  ${PROGRAM} ${line}`]),
  ].join('\n');
}

function nameOf(option: OptionName): string {
  const { value } = OPTIONS[option];
  return value === undefined ? `--${option}` : `--${option} ${value}`;
}

function entry(name: string, words: string): string[] {
  const column = 30;
  const lines = wrapped(words, WIDTH - column - 2);
  const [first = '', ...rest] = lines;
  return [
    ...(name.length < column
      ? [`  ${name.padEnd(column)}${first}`]
      : [`  ${name}`, `  ${' '.repeat(column)}${first}`]),
    ...rest.map((line) => `  ${' '.repeat(column)}${line}`),
  ];
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
