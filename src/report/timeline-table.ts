import type { Finding } from '../model/finding.js';
import type { TimelineCell, TimelineRow } from '../model/timeline.js';
import { markdownText } from '../untrusted/markdown.js';
import { locationLink } from './location-link.js';
import { codeWords, historyWords } from './divergence-words.js';

/** Rows around the place where the code diverges from history. */
const BEFORE = 3;
const AFTER = 4;

export interface TimelineOptions {
  readonly blobUrl: string | undefined;
  readonly baselineBlobUrl?: string | undefined;
}

/**
 * What history holds beside what the baseline and the code under test do: the last commands that agree,
 * the place where they diverge, and what follows. The JSON report has all rows.
 */
export function timelineTable(finding: Finding, options: TimelineOptions): string[] {
  const { baseline, timeline } = finding;
  if (timeline.length === 0 && baseline === undefined) return [];
  const rows = timeline.length === 0 ? [withoutRecord(finding)] : around(timeline);
  const withBaseline = baseline !== undefined;
  const head = ['', 'Event', 'History', ...(withBaseline ? ['Baseline'] : []), 'This change'];
  const divergesAt = rows.findIndex(({ agrees }) => !agrees);
  const lines = rows.map((row, index) => {
    const diverges = index === divergesAt;
    const cells = [
      row.agrees ? '✓' : diverges ? '✗' : '',
      row.eventId === undefined ? '' : String(row.eventId),
      markdownText(row.history ?? '', 200),
      ...(withBaseline ? [baselineCell(row, diverges, finding, options)] : []),
      cell(row.code, options.blobUrl),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [[`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines].join('\n')];
}

function around(timeline: readonly TimelineRow[]): readonly TimelineRow[] {
  const divergesAt = timeline.findIndex(({ agrees }) => !agrees);
  const at = divergesAt === -1 ? timeline.length : divergesAt;
  return timeline.slice(Math.max(0, at - BEFORE), at + AFTER);
}

/** One row for a finding whose place is not known from a recorded replay. */
function withoutRecord({ divergence }: Finding): TimelineRow {
  const location = 'location' in divergence ? divergence.location : undefined;
  return {
    agrees: false,
    history: historyWords(divergence),
    code: { words: codeWords(divergence), ...(location === undefined ? {} : { location }) },
  };
}

/** Where nothing was recorded on the baseline, the row that diverges says what the baseline does. */
function baselineCell(
  row: TimelineRow,
  diverges: boolean,
  { baseline }: Finding,
  options: TimelineOptions,
): string {
  if (row.baseline !== undefined) return cell(row.baseline, options.baselineBlobUrl);
  return diverges && baseline !== undefined ? cell(baseline, options.baselineBlobUrl) : '';
}

function cell(content: TimelineCell | undefined, blobUrl: string | undefined): string {
  if (content === undefined) return '';
  const text = markdownText(content.words, 200);
  return content.location === undefined
    ? text
    : `${text}, ${locationLink(content.location, blobUrl)}`;
}
