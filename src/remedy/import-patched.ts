import type { Replacement } from './guard.js';
import type { Spelling } from './spelling.js';

/** The import that a guard needs, where the file lacks it. Only TypeScript imports each function. */
export function importsPatched(
  head: readonly string[],
  spelling: Spelling,
  language: string | undefined,
): Replacement[] {
  if (language !== 'typescript' || spelling.isNew('', head) !== `patched('')`) return [];
  const end = head.findIndex((line) => /from\s+['"]@temporalio\/workflow['"]/u.test(line));
  if (end === -1)
    return [{ head: [0, 0], lines: [`import { patched } from '@temporalio/workflow';`] }];
  let from = end;
  while (from > 0 && !/^\s*import\b/u.test(head[from] ?? '')) from -= 1;
  const lines = head.slice(from, end + 1);
  const text = lines.join('\n');
  if (/\bpatched\b/u.test(text)) return [];
  const named = /^import\s+(?!type\b)[^{]*\{([^}]*)\}/u.exec(text);
  if (named === null) {
    return [{ head: [from, from], lines: [`import { patched } from '@temporalio/workflow';`] }];
  }
  const at = lines.findIndex((line) => line.includes('{'));
  const opening = lines[at] ?? '';
  const isOneLine = opening.includes('}');
  if (isOneLine) {
    const names = (named[1] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    names.splice(placeFor(names), 0, 'patched');
    const after = opening.replace(/\{[^}]*\}/u, `{ ${names.join(', ')} }`);
    return [{ head: [from + at, from + at + 1], lines: [after] }];
  }
  const members = lines.slice(at + 1).map((line) => line.trim().replace(/,$/u, ''));
  const close = members.findIndex((line) => line.startsWith('}'));
  const place = Math.min(placeFor(members.slice(0, close)), close - 1);
  const indent = /^\s*/u.exec(lines[at + 1] ?? '')?.[0] ?? '  ';
  const line = from + at + 1 + Math.max(0, place);
  return [{ head: [line, line], lines: [`${indent}patched,`] }];
}

/** Where it stands among names that are in order; last where they are not. */
function placeFor(names: readonly string[]): number {
  const at = names.findIndex((name) => name.localeCompare('patched') > 0);
  return at === -1 ? names.length : at;
}
