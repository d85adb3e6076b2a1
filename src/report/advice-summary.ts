import { deployments } from '../advice/deploy.js';
import { interfaceChanges } from '../advice/interface-changes.js';
import type { Advice } from '../model/advice.js';
import { describeProblem } from '../model/user-error.js';
import { markdownCode, markdownText } from '../untrusted/markdown.js';
import { KIND_WORDS, superMajorWords } from './advice-text.js';
import { ADVICE_HEADS, adviceRow, reasonWords } from './advice-words.js';

/** Advice for the job summary, in GitHub's Markdown. It changes no verdict. */
export function renderAdviceSummary(advice: Advice): string {
  const { versions, notes, problem } = advice;
  const changes = interfaceChanges(advice);
  const types = [...new Set(changes.flatMap(({ workflowTypes }) => workflowTypes))];
  const ways = deployments(advice).map(({ kind, words, commands }) =>
    [
      `- **${KIND_WORDS[kind]}.** ${markdownText(words, 1000)}`,
      ...commands.map((command) => `  - ${markdownCode(command, 1000)}`),
    ].join('\n'),
  );
  return [
    '## Which claims would hold',
    ...(problem === undefined ? [] : [`> ⚠️ ${markdownText(describeProblem(problem), 1000)}`]),
    versions.length === 0
      ? 'No version is live: no claim would be about anything.'
      : [
          `| ${ADVICE_HEADS.join(' | ')} |`,
          `| ${ADVICE_HEADS.map(() => '---').join(' | ')} |`,
          ...versions.map(
            (one) =>
              `| ${adviceRow(one)
                .map((cell, index) =>
                  index === 0 || (index === 5 && cell !== '')
                    ? markdownCode(cell)
                    : markdownText(cell),
                )
                .join(' | ')} |`,
          ),
        ].join('\n'),
    ...versions.flatMap((one) => {
      const reason = reasonWords(one);
      return reason === undefined ? [] : [`- ${markdownText(reason, 1000)}`];
    }),
    ...(ways.length === 0 ? [] : ['### How to deploy it', ...ways]),
    ...(changes.length === 0
      ? []
      : [
          [
            `- **${KIND_WORDS['super-major']}.** ${markdownText(superMajorWords(types), 1000)}`,
            ...changes.map(({ words }) => `  - ${markdownText(words, 1000)}`),
          ].join('\n'),
        ]),
    ...notes.map((note) => `> ⚠️ ${markdownText(note, 1000)}`),
    '',
  ].join('\n\n');
}
