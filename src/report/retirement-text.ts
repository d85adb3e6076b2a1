import { isRetirable, type Retirement } from '../model/retirement.js';
import { readable } from '../untrusted/readable.js';
import type { RetirementVerdict } from '../verdict/conclude-retirement.js';
import {
  isOff,
  keeperWords,
  removalCommand,
  RETIREMENT_HEADS,
  retirementRow,
  retireWords,
  stuckWords,
} from './retirement-words.js';
import { textTable } from './text-table.js';
import { versionName } from './version-words.js';
import type { Style } from './style.js';

/** A retirement for a terminal. */
export function renderRetirementText(
  retirement: Retirement,
  { summary, passes }: RetirementVerdict,
  style: Style,
): string {
  const { versions, asOf, notes } = retirement;
  const [head = '', ...rows] = textTable(
    RETIREMENT_HEADS,
    versions.map((judged) => retirementRow(judged, asOf)),
  );
  const retirable = versions.filter(isRetirable);
  const kept = versions.filter((judged) => !isRetirable(judged));
  const lines =
    versions.length === 0
      ? ['No version, no running execution and no worker was found.']
      : [
          style.bold(head),
          ...rows.map((row, index) => {
            const judged = versions[index];
            if (judged === undefined) return row;
            if (judged.stuck > 0) return style.red(row);
            return isRetirable(judged) ? style.green(row) : row;
          }),
        ];
  const groups = [
    ['Can be switched off now:', retirable.filter((judged) => !isOff(judged))],
    ['Switched off already:', retirable.filter(isOff)],
  ] as const;
  for (const [title, group] of groups) {
    if (group.length > 0) lines.push('', style.bold(title));
    for (const judged of group) {
      lines.push(`  ${readable(retireWords(judged))}`);
      const command = removalCommand(judged, retirement);
      if (command !== undefined) lines.push(`    ${command}`);
    }
  }
  if (kept.length > 0) {
    lines.push('', style.bold('Still needed:'));
    for (const judged of kept) {
      lines.push(`  ${readable(`${versionName(judged.version)}: ${keeperWords(judged)}`)}`);
    }
  }
  for (const words of stuckWords(retirement)) {
    lines.push('', style.red(readable(`warning: ${words}`)));
  }
  for (const note of notes) lines.push('', style.yellow(readable(`warning: ${note}`)));
  lines.push('', passes ? summary : style.red(summary));
  return lines.join('\n');
}
