import { parseArgs } from 'node:util';
import type { InputName } from '../inputs/raw-inputs.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.js';
import { helpOf, overview } from './help.js';
import { FLAGS, OPTIONS, type Flag } from './options.js';

/** What a command line asks for. */
export type Asked =
  | { readonly kind: 'help'; readonly text: string }
  | {
      readonly kind: 'command';
      readonly name: CommandName;
      readonly values: Partial<Record<InputName, string>>;
      readonly profile: string | undefined;
      /** Contents that redaction keeps. */
      readonly keep: readonly string[];
      readonly flags: ReadonlySet<Flag>;
      /** What stands after the command. */
      readonly argument: string | undefined;
    };

/** A command line that nothing can be done with. */
export class UsageError extends UserError {}

/**
 * Options without a command are those of a check.
 *
 * @throws UsageError
 */
export function readCommand(args: readonly string[]): Asked {
  const [first, ...rest] = args[0]?.startsWith('--') === true ? ['check', ...args] : args;
  if (first === undefined || args[0] === '--help' || first === '-h' || first === 'help') {
    const named = COMMAND_NAMES.find((one) => one === rest[0]);
    return { kind: 'help', text: named === undefined ? overview() : helpOf(named) };
  }
  const name = COMMAND_NAMES.find((one) => one === first);
  if (name === undefined) {
    throw new UsageError({
      found: `The command is "${truncate(readable(first), 80)}"`,
      expected: `one of ${COMMAND_NAMES.join(', ')}`,
      fix: 'name the command first, or run with --help',
    });
  }
  const { values, positionals } = parsed(name, rest);
  if (values['help'] === true) return { kind: 'help', text: helpOf(name) };
  const { argument } = COMMANDS[name];
  if (positionals.length !== (argument === undefined ? 0 : 1)) {
    throw new UsageError({
      found: `${name} has ${positionals.length === 0 ? 'no argument' : `the arguments ${truncate(readable(positionals.join(' ')), 80)}`}`,
      expected: argument === undefined ? 'options only' : `one argument, ${argument.name}`,
      fix: `run ${name} --help`,
    });
  }
  const { profile, keep, ...others } = values;
  return {
    kind: 'command',
    name,
    values: Object.fromEntries(
      Object.entries(others).filter(([, value]) => typeof value === 'string'),
    ),
    profile: typeof profile === 'string' ? profile : undefined,
    keep: typeof keep === 'string' ? keep.split(',').map((value) => value.trim()) : [],
    flags: new Set(FLAGS.filter((flag) => values[flag] === true)),
    argument: positionals[0],
  };
}

function parsed(
  name: CommandName,
  args: readonly string[],
): {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
} {
  const options = Object.fromEntries(
    COMMANDS[name].options.map((option) => [
      option,
      OPTIONS[option].value === undefined
        ? { type: 'boolean' as const }
        : { type: 'string' as const },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [words = ''] = (error as Error).message.split('. ');
    throw new UsageError(
      {
        found: readable(words),
        expected: `options of ${name}`,
        fix: `run ${name} --help to see them`,
      },
      { cause: error },
    );
  }
}
