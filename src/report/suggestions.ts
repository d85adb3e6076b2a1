import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.js';
import { proofWords, type LinesEdit, type Proof } from '../model/proof.js';
import type { Report } from '../model/report.js';
import { markdownText } from '../untrusted/markdown.js';
import { readable } from '../untrusted/readable.js';

/** One change of lines, as a review of GitHub's shows it. */
export interface ReviewSuggestion {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly body: string;
  readonly key: string;
}

/** The proven fixes of a report, one suggestion for each place. Only exact lines are suggested: others are left out. */
export function renderSuggestions(report: Report): ReviewSuggestion[] {
  return report.findings.flatMap((finding) => {
    const { proof } = finding;
    if (proof === undefined || !proof.edits.every(isExact)) return [];
    return proof.edits.map((edit, index) => ({
      path: edit.file,
      from: edit.line,
      to: edit.line + edit.before.length - 1,
      body: bodyOf(finding, proof, edit, index),
      key: createHash('sha256').update(JSON.stringify(edit)).digest('hex').slice(0, 16),
    }));
  });
}

/** A line that has to be made readable would not be the line that was proven. */
function isExact({ after }: LinesEdit): boolean {
  return after.every((line) => line.split('\t').every((part) => readable(part) === part));
}

function bodyOf(
  { headline, executions }: Finding,
  proof: Proof,
  { after }: LinesEdit,
  index: number,
): string {
  const { edits } = proof;
  const together =
    edits.length === 1
      ? ''
      : ` Part ${index + 1} of ${edits.length}: it is proven with all of them, which the job summary shows.`;
  const longest = Math.max(
    2,
    ...after.flatMap((line) => line.match(/`+/gu) ?? []).map((one) => one.length),
  );
  const fence = '`'.repeat(longest + 1);
  return [
    markdownText(headline, 500),
    `**${proofWords(proof, executions.length)}**${together}`,
    [`${fence}suggestion`, ...after, fence].join('\n'),
  ].join('\n\n');
}
