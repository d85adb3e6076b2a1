import type { Report } from '../model/report.js';
import type { Verdict } from '../model/verdict.js';
import { countOutcomes } from '../model/outcome.js';

/** What stands first in every report: red or green, and the verdict. */
export function verdictTitle(report: Report): string {
  const { verdict } = report;
  const mark = verdict.passes ? (verdict.kind === 'compatible' ? '✅' : '⚪') : '❌';
  return `${mark} ${verdictWord(verdict)}`;
}

export function verdictWord({ kind }: Pick<Verdict, 'kind'>): string {
  return {
    compatible: 'Compatible',
    incompatible: 'Incompatible',
    inconclusive: 'Inconclusive',
    'not-claimed': 'No claim',
  }[kind];
}

/** "12 passed, 3 nondeterministic": the outcomes that occur, in their order. */
export function outcomeWords(report: Report): string {
  const counts = Object.entries(countOutcomes(report.outcomes)).filter(([, count]) => count > 0);
  return counts.length === 0
    ? 'nothing replayed'
    : counts.map(([kind, count]) => `${count} ${kind}`).join(', ');
}

/** The pull requests of a merge group that a report is about. */
export function pullRequestWords({ pullRequests }: Report): string | undefined {
  return pullRequests?.map((number) => `#${number}`).join(', ');
}
