import { dirname, relative } from 'node:path';
import { aliased, projectSettings } from './tsconfig.js';
import { placeInNode } from './stack.js';
import type { WatchedVariables } from './unset-variables.js';

export interface Explained {
  readonly words: string;
  readonly hint: string;
}

/** Says what an error means that loading the module of `replay-options` ended with, and what helps. */
export function explainLoading(
  error: unknown,
  path: string,
  unset: ReturnType<WatchedVariables['unset']>,
): Explained {
  const { message, code, stack } = fieldsOf(error);
  const missing = /^Cannot find (?:module|package) '([^']+)'(?: imported from (\S+))?/u.exec(
    message,
  );
  if (missing !== null) {
    const [words, name = '', from = importer(message) ?? path] = missing;
    return notFound(name, from, words.replace(/ imported from .*$/u, ''));
  }
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return {
      words: message,
      hint: 'import only TypeScript, JavaScript and JSON, and read other files when the options are used',
    };
  }
  if (isSyntax(error, message)) {
    return { words: message, hint: 'correct what cannot be parsed' };
  }
  const { file, line } = placeInNode(stack);
  const place = file === undefined ? '' : ` (${relative(process.cwd(), file)}:${String(line)})`;
  const asked = [
    ...unset.byApplication,
    ...unset.byOthers.filter((name) =>
      new RegExp(`(?<!\\w)${escape(name)}(?!\\w)`, 'u').test(message),
    ),
  ];
  return {
    words: `${message}${place}`,
    hint:
      asked.length === 0
        ? 'its own code throws this: make it load with nothing but its files, without a server, a worker or a configuration of them'
        : `it asks for variables that the replay process does not have (${asked.slice(0, MAX_NAMES).join(', ')}): ` +
          'name those that are no secrets in replay-env, and give the others a default',
  };
}

const MAX_NAMES = 10;

interface Fields {
  readonly message: string;
  readonly code: unknown;
  readonly stack: string | undefined;
}

function fieldsOf(error: unknown): Fields {
  const fields = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  const { message, code, stack } = fields;
  return {
    message: typeof message === 'string' ? message : String(error),
    code,
    stack: typeof stack === 'string' ? stack : undefined,
  };
}

/** The file that `require` was called in. */
function importer(message: string): string | undefined {
  return /Require stack:\n- (.+)/u.exec(message)?.[1];
}

function notFound(name: string, from: string, words: string): Explained {
  const told = `${words}, which ${relative(process.cwd(), from)} imports`;
  if (/^[./\\]|^[A-Za-z]:/u.test(name)) {
    return {
      words: told,
      hint: 'correct the import, or make the file in an earlier step of the job',
    };
  }
  const settings = projectSettings(dirname(from));
  const [target] = aliased(name, settings);
  const { aliasesIn = '' } = settings;
  if (target !== undefined) {
    return {
      words: `${told}; ${relative(process.cwd(), aliasesIn)} says that it is ${relative(process.cwd(), target)}, which does not exist`,
      hint: 'correct the import or the paths of that tsconfig.json, or make the file in an earlier step of the job',
    };
  }
  return {
    words: told,
    hint:
      'install that package in an earlier step of the job; if it is a path alias, it must be in the paths of the ' +
      'nearest tsconfig.json, or in the imports of package.json',
  };
}

/** The compiler's errors have no class of their own. */
function isSyntax(error: unknown, message: string): boolean {
  return (
    error instanceof SyntaxError || /^(?:\s*[x×] |Error: Syntax Error)|Syntax Error/u.test(message)
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}
