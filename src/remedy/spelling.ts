import type { Syntax } from './line-scan.js';

/** How guards are written in a language. */
export interface Spelling {
  readonly syntax: Syntax;
  /** One step of indentation, where a file shows none. */
  readonly step: string;
  /** True for new executions; undefined where the file has no name for it. */
  readonly isNew: (id: string, file: readonly string[]) => string | undefined;
  readonly isOld: (id: string, file: readonly string[]) => string | undefined;
  /** Names that statements declare for those after them: their first group lists them. */
  readonly declares: RegExp | undefined;
  /** What stands in a class or file, and cannot stand in a branch. */
  readonly member: RegExp;
}

const TYPESCRIPT: Spelling = {
  syntax: 'braces;',
  step: '  ',
  isNew: (id, file) => `${typescriptName(file)}('${id}')`,
  isOld: (id, file) => `!${typescriptName(file)}('${id}')`,
  declares: /^(?:const|let|var|class|(?:async )?function)\s+(\{[^}]*\}|\[[^\]]*\]|[\w$]+)/u,
  member: /^(?:import|export)\b|^(?:public|private|protected|static)\b/u,
};

/** As the file imports it; a file that does not gets it into its import. */
function typescriptName(file: readonly string[]): string {
  const namespace = /import\s+\*\s+as\s+([\w$]+)\s+from\s+['"]@temporalio\/workflow['"]/u.exec(
    file.join('\n'),
  )?.[1];
  return namespace === undefined ? 'patched' : `${namespace}.patched`;
}

const PYTHON: Spelling = {
  syntax: 'indentation',
  step: '    ',
  isNew: (id, file) => pythonName(file, `patched("${id}")`),
  isOld: (id, file) => pythonName(file, `patched("${id}")`, 'not '),
  declares: undefined,
  member: /^(?:async\s+def|def|class|@)/u,
};

function pythonName(file: readonly string[], call: string, before = ''): string | undefined {
  const text = file.join('\n');
  const [, alias] = /^\s*from temporalio import [^\n]*\bworkflow\b(?: as (\w+))?/mu.exec(text) ?? [
    undefined,
    undefined,
  ];
  if (/^\s*from temporalio import [^\n]*\bworkflow\b/mu.test(text)) {
    return `${before}${alias ?? 'workflow'}.${call}`;
  }
  return /^\s*import temporalio\.workflow\s*$/mu.test(text)
    ? `${before}temporalio.workflow.${call}`
    : undefined;
}

const GO: Spelling = {
  syntax: 'braces',
  step: '\t',
  isNew: (id) => `workflow.GetVersion(ctx, "${id}", workflow.DefaultVersion, 1) == 1`,
  isOld: (id) =>
    `workflow.GetVersion(ctx, "${id}", workflow.DefaultVersion, 1) == workflow.DefaultVersion`,
  declares: /^(?:var\s+(\w+)|([\w, ]+?)\s*:=)/u,
  member: /^(?:func\s+\(?\w|type\s|import\b)/u,
};

const JAVA: Spelling = {
  syntax: 'braces;',
  step: '  ',
  isNew: (id) => `Workflow.getVersion("${id}", Workflow.DEFAULT_VERSION, 1) == 1`,
  isOld: (id) =>
    `Workflow.getVersion("${id}", Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION`,
  declares: /^(?:final\s+)?(?!return\b|throw\b|new\b)[A-Z]?[\w.<>[\], ?]+\s+(\w+)\s*(?:=[^=]|;)/u,
  member: /^(?:import|package|public|private|protected|@)/u,
};

const SPELLINGS: Readonly<Record<string, Spelling>> = {
  typescript: TYPESCRIPT,
  python: PYTHON,
  go: GO,
  java: JAVA,
};

/** @param language as the replayer names it */
export function spellingOf(language: string | undefined): Spelling | undefined {
  return language === undefined ? undefined : SPELLINGS[language];
}
