import type { Report } from '../model/report.js';
import type { Target } from '../model/target.js';
import { countOutcomes } from '../model/outcome.js';

/** One line that says where the executions were looked for. Names in it are untrusted. */
export function targetWords(target: Target): string {
  switch (target.kind) {
    case 'version-set':
      return (
        `version set of ${target.buildId} in namespace ${target.namespace}: ` +
        target.sets.map((set) => `${set.taskQueue} [${set.buildIds.join(', ')}]`).join('; ')
      );
    case 'history-files':
      return `${target.files} exported ${target.files === 1 ? 'history' : 'histories'}`;
  }
}

/** What stands first in every report: red or green, and the verdict. */
export function verdictTitle(report: Report): string {
  const { verdict } = report;
  const mark = verdict.passes ? (verdict.kind === 'compatible' ? '✅' : '⚪') : '❌';
  const words = {
    compatible: 'Compatible',
    incompatible: 'Incompatible',
    inconclusive: 'Inconclusive',
    'not-claimed': 'No claim',
  }[verdict.kind];
  return `${mark} ${words}`;
}

/** "12 passed, 3 nondeterministic": the outcomes that occur, in their order. */
export function outcomeWords(report: Report): string {
  const counts = Object.entries(countOutcomes(report.outcomes)).filter(([, count]) => count > 0);
  return counts.length === 0
    ? 'nothing replayed'
    : counts.map(([kind, count]) => `${count} ${kind}`).join(', ');
}
