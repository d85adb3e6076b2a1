import { isCompatible, type AdvisedVersion } from '../model/advice.js';
import { countOutcomes } from '../model/outcome.js';
import { runningOf } from '../model/retirement.js';
import { versionName } from './version-words.js';

export const ADVICE_HEADS = [
  'Version',
  'Status',
  'Running',
  'Replayed',
  'Compatible',
  'Title',
] as const;

/** A version's row of the table. Untrusted. */
export function adviceRow(advised: AdvisedVersion): string[] {
  const { judged, report } = advised;
  const answer = isCompatible(advised);
  const counts = countOutcomes(report.outcomes);
  const replayed = counts.passed + counts.nondeterministic + counts['task-failed'];
  return [
    versionName(judged.version),
    judged.status ?? 'not known',
    String(runningOf(judged)),
    `${replayed} of ${report.coverage.matched}`,
    answer === undefined ? 'not known' : answer ? 'yes' : 'no',
    answer === true ? `[compatible-${judged.version.buildId ?? ''}] …` : '',
  ];
}

/** Why a claim for the version would not hold; undefined where it would. Untrusted. */
export function reasonWords(advised: AdvisedVersion): string | undefined {
  const { judged, report } = advised;
  if (isCompatible(advised) === true) return undefined;
  const finding = report.findings.find(({ weight }) => weight.kind === 'decisive');
  const more = finding === undefined ? '' : ` ${finding.headline}`;
  return `${versionName(judged.version)}: ${report.verdict.summary}${more}`;
}
