import { deployments } from '../advice/deploy.js';
import { interfaceChanges } from '../advice/interface-changes.js';
import { isCompatible, type Advice } from '../model/advice.js';
import { describeProblem } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';
import { ADVICE_HEADS, adviceRow, reasonWords } from './advice-words.js';
import type { Style } from './style.js';
import { textTable } from './text-table.js';

export const KIND_WORDS = {
  minor: 'Minor',
  major: 'Major',
  'super-major': 'Super-major',
  'not-known': 'Not known',
} as const;

/** What to do where the interface of a workflow has changed. Untrusted. */
export function superMajorWords(workflowTypes: readonly string[]): string {
  return `the interface of ${workflowTypes.join(', ')} has changed, so callers and running executions see another workflow: register it as a new type beside the old one, start new executions with that, and remove the old type when its last execution has closed.`;
}

/** Advice for a terminal. */
export function renderAdviceText(advice: Advice, style: Style): string {
  const { versions, notes, problem } = advice;
  const lines: string[] = [];
  if (problem !== undefined) lines.push(style.red(readable(describeProblem(problem))), '');
  const [head = '', ...rows] = textTable(ADVICE_HEADS, versions.map(adviceRow));
  if (versions.length === 0) lines.push('No version is live: no claim would be about anything.');
  else lines.push(style.bold(head));
  for (const [index, row] of rows.entries()) {
    const answer = versions[index] === undefined ? undefined : isCompatible(versions[index]);
    lines.push(
      answer === undefined ? style.yellow(row) : answer ? style.green(row) : style.red(row),
    );
  }
  const reasons = versions.flatMap((one) => reasonWords(one) ?? []);
  if (reasons.length > 0) lines.push('', style.bold('Why not:'));
  for (const reason of reasons) lines.push(`  ${readable(reason)}`);
  const changes = interfaceChanges(advice);
  if (versions.length > 0) lines.push('', style.bold('How to deploy it:'));
  for (const { kind, words, commands } of deployments(advice)) {
    lines.push(`  ${KIND_WORDS[kind]}. ${readable(words)}`);
    for (const command of commands) lines.push(`    ${command}`);
  }
  if (changes.length > 0) {
    const types = [...new Set(changes.flatMap(({ workflowTypes }) => workflowTypes))];
    lines.push(`  ${KIND_WORDS['super-major']}. ${readable(superMajorWords(types))}`);
    for (const { words } of changes) lines.push(`    ${readable(words)}`);
  }
  for (const note of notes) lines.push('', style.yellow(readable(`warning: ${note}`)));
  return lines.join('\n');
}
