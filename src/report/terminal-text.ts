import type { Report } from '../model/report.js';
import { unjudgedWords } from '../model/outcome.js';
import { readable } from '../untrusted/readable.js';
import { annotationsBesideVerdict, verdictWords } from './annotations.js';
import { leftOutLines } from './left-out.js';
import { outcomeWords, verdictTitle } from './verdict-title.js';
import type { ShowWorkflowIds } from './workflow-ids.js';

/** The report for a terminal. A terminal has no summary, so this holds everything, and says nothing twice. */
export function renderTerminalText(report: Report, showWorkflowIds: ShowWorkflowIds): string {
  const lines = [`${verdictTitle(report)}: ${readable(verdictWords(report))}`];
  if (report.outcomes.length > 0) lines.push(`Executions: ${outcomeWords(report)}`);
  lines.push(...leftOutLines(report.outcomes, showWorkflowIds));
  const said = new Set([verdictWords(report), unjudgedWords(report.outcomes)]);
  for (const { level, location, paragraphs } of annotationsBesideVerdict(report, {
    showWorkflowIds,
  })) {
    const place = location === undefined ? '' : `${location.file}:${location.line}: `;
    const message = place + paragraphs.join(' ');
    if (said.has(message)) continue;
    said.add(message);
    lines.push('', readable(`${level}: ${message}`));
  }
  return lines.join('\n');
}
