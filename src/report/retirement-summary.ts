import { isRetirable, type JudgedVersion, type Retirement } from '../model/retirement.js';
import { versionName } from './version-words.js';
import type { RetirementVerdict } from '../verdict/conclude-retirement.js';
import { markdownCode, markdownText } from '../untrusted/markdown.js';
import {
  isOff,
  keeperWords,
  removalCommand,
  RETIREMENT_HEADS,
  retirementRow,
  retireWords,
  stuckWords,
} from './retirement-words.js';

/** A summary has at most 1 MiB; so many versions stay far below it. */
const MAX_ROWS = 200;

/** The job summary of a retirement, in GitHub's Markdown. */
export function renderRetirementSummary(
  retirement: Retirement,
  { summary }: RetirementVerdict,
): string {
  const { versions, asOf, address, namespace, notes } = retirement;
  const retirable = versions.filter(isRetirable);
  const kept = versions.filter((judged) => !isRetirable(judged));
  const more = versions.length - MAX_ROWS;
  return [
    `## Versions in use`,
    `${markdownText(summary, 1000)} As of ${markdownText(asOf)}, on ${markdownCode(address)}, namespace ${markdownCode(namespace)}.`,
    ...stuckWords(retirement).map((words) => `> ⚠️ ${markdownText(words, 1000)}`),
    ...notes.map((note) => `> ⚠️ ${markdownText(note, 1000)}`),
    versions.length === 0
      ? 'No version, no running execution and no worker was found.'
      : [
          `| ${RETIREMENT_HEADS.join(' | ')} |`,
          `| ${RETIREMENT_HEADS.map(() => '---').join(' | ')} |`,
          ...versions.slice(0, MAX_ROWS).map(
            (judged) =>
              `| ${retirementRow(judged, asOf)
                .map((cell, index) => (index === 0 ? markdownCode(cell) : markdownText(cell)))
                .join(' | ')} |`,
          ),
        ].join('\n'),
    ...(more > 0
      ? [`${more} more versions are in the output of the terminal's \`retire --json\`.`]
      : []),
    ...list(
      'Can be switched off now',
      retirable.filter((judged) => !isOff(judged)),
      (judged) => retirableItem(judged, retirement),
    ),
    ...list('Switched off already', retirable.filter(isOff), (judged) =>
      retirableItem(judged, retirement),
    ),
    ...list(
      'Still needed',
      kept,
      (judged) =>
        `${markdownCode(versionName(judged.version))}: ${markdownText(keeperWords(judged), 1000)}`,
    ),
    '',
  ].join('\n\n');
}

function list(
  title: string,
  judged: readonly JudgedVersion[],
  item: (judged: JudgedVersion) => string,
): string[] {
  if (judged.length === 0) return [];
  return [
    `### ${title}`,
    judged
      .slice(0, MAX_ROWS)
      .map((one) => `- ${item(one)}`)
      .join('\n'),
  ];
}

function retirableItem(judged: JudgedVersion, retirement: Retirement): string {
  const command = removalCommand(judged, retirement);
  const words = markdownText(retireWords(judged), 1000);
  return command === undefined ? words : `${words} Then: ${markdownCode(command, 1000)}`;
}
