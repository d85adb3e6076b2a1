import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** Everything the runner knows of an action: the parts of its action.yml that matter here. */
interface ActionFile {
  readonly inputs?: Readonly<
    Record<string, { readonly default?: string | number | boolean } | null>
  >;
}

/**
 * The variables in which the runner hands inputs over: every input that action.yml names is there,
 * with its default or empty when the workflow does not set it.
 *
 * @param contexts values for expressions in defaults, as in `{ 'github.token': '…' }`.
 * @throws Error for an input that action.yml does not name, of which the runner would warn.
 */
export async function inputVariables(
  actionFile: string | undefined,
  inputs: Readonly<Record<string, string>>,
  contexts: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  const declared = actionFile === undefined ? undefined : await readInputs(actionFile);
  for (const [name, definition] of Object.entries(declared ?? {})) {
    variables[variableName(name)] = evaluate(String(definition?.default ?? ''), contexts);
  }
  for (const [name, value] of Object.entries(inputs)) {
    if (declared !== undefined && !(name in declared)) {
      throw new Error(
        `Unexpected input '${name}'; ${actionFile} has: ${Object.keys(declared).join(', ')}`,
      );
    }
    variables[variableName(name)] = value;
  }
  return variables;
}

/** The runner keeps every character but spaces, `-` among them. */
function variableName(input: string): string {
  return `INPUT_${input.replaceAll(' ', '_').toUpperCase()}`;
}

async function readInputs(actionFile: string): Promise<NonNullable<ActionFile['inputs']>> {
  const action = parse(await readFile(actionFile, 'utf8')) as ActionFile;
  return action.inputs ?? {};
}

function evaluate(text: string, contexts: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/gu, (_, expression: string) => {
    const value = contexts[expression];
    if (value === undefined) throw new Error(`No value is known for the expression ${expression}`);
    return value;
  });
}
