import type { Branches, Idiom } from './idiom.js';

/** Which executions run what: only new ones, only old ones, or each their own. */
export type Guard = 'new' | 'old' | 'both';

/** The branches of a patch, in one line of a sentence. */
export function branchWords(guard: Guard, id: string, { isNew, isOld, branches }: Idiom): string {
  const condition = guard === 'old' ? isOld(id) : isNew(id);
  if (branches === undefined) {
    if (guard === 'both') return `with ${condition} the new code, without it the old code`;
    return guard === 'old' ? `the branch of ${condition}` : `a branch of ${condition}`;
  }
  const body = guard === 'both' ? 'the new code' : '…';
  const head = headOf(condition, branches);
  if (branches.form === 'if :') {
    return guard === 'both' ? `${head} ${body}, else: the old code` : `${head} ${body}`;
  }
  return guard === 'both' ? `${head} ${body} } else { the old code }` : `${head} ${body} }`;
}

/**
 * The same as code.
 *
 * @param body a statement for each branch; undefined: a comment stands for it
 * @returns undefined where nobody knows how the language writes it
 */
export function branchCode(
  guard: Guard,
  id: string,
  { isNew, isOld, branches }: Idiom,
  body: { readonly new: string | undefined; readonly old: string | undefined },
): string | undefined {
  if (branches === undefined) return undefined;
  const condition = guard === 'old' ? isOld(id) : isNew(id);
  const isIndented = branches.form === 'if :';
  const indent = isIndented ? '    ' : '  ';
  const statement = (which: 'new' | 'old'): string =>
    indent + statementOf(body[which], `the ${which} code`, branches);
  return [
    headOf(condition, branches),
    statement(guard === 'old' ? 'old' : 'new'),
    ...(guard === 'both' ? [isIndented ? 'else:' : '} else {', statement('old')] : []),
    ...(isIndented ? [] : ['}']),
  ].join('\n');
}

function headOf(condition: string, { form }: Branches): string {
  switch (form) {
    case 'if () {}':
      return `if (${condition}) {`;
    case 'if {}':
      return `if ${condition} {`;
    case 'if :':
      return `if ${condition}:`;
  }
}

/** A line that stands alone, or a comment that holds what is known of it. */
function statementOf(line: string | undefined, instead: string, branches: Branches): string {
  if (line !== undefined && standsAlone(line)) return line;
  const words = line === undefined ? instead : `${instead}: ${line}`;
  return branches.form === 'if :'
    ? `...  ${branches.comment} ${words}`
    : `${branches.comment} ${words}`;
}

/** A declaration is no statement that can go into a block, and a part of a statement even less. */
const DECLARATION = /^(?:const|let|var|final)\s|^[\w.<>[\],\s]+\s[\w$]+\s*=[^=]|:=/u;

function standsAlone(line: string): boolean {
  if (DECLARATION.test(line) || !/[);]$/u.test(line)) return false;
  if (/^(?:if|else|for|while|switch|case|return|try|catch|with|elif|def|func)\b/u.test(line))
    return false;
  let depth = 0;
  for (const character of line) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
