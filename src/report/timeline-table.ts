import type { Finding } from '../model/finding.js';
import type { TimelineCell, TimelineRow } from '../model/timeline.js';
import { markdownText } from '../untrusted/markdown.js';
import { locationLink } from './location-link.js';
import { baselineWords } from './baseline-words.js';
import { codeWords, historyWords } from './divergence-words.js';

/** Rows around the place where history and the code part. */
const BEFORE = 3;
const AFTER = 4;

export interface TimelineOptions {
  readonly blobUrl: string | undefined;
  readonly baselineBlobUrl?: string | undefined;
}

/**
 * What history holds beside what the baseline and the code under test do: the last commands that agree,
 * the place where they part, and what follows. The JSON report holds the whole.
 */
export function timelineTable(finding: Finding, options: TimelineOptions): string[] {
  const { baseline, timeline } = finding;
  if (timeline.length === 0 && baseline === undefined) return [];
  const rows = timeline.length === 0 ? [withoutRecord(finding)] : around(timeline);
  const withBaseline = baseline !== undefined;
  const head = ['', 'Event', 'History', ...(withBaseline ? ['Baseline'] : []), 'This line'];
  const parted = rows.findIndex(({ agrees }) => !agrees);
  const lines = rows.map((row, index) => {
    const isParting = index === parted;
    const cells = [
      row.agrees ? '✓' : isParting ? '✗' : '',
      row.eventId === undefined ? '' : String(row.eventId),
      markdownText(row.history ?? '', 200),
      ...(withBaseline ? [baselineCell(row, isParting, finding, options)] : []),
      cell(row.code, options.blobUrl),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines].join('\n'),
    ...(withBaseline ? [baselineWords(baseline.relation)] : []),
  ];
}

function around(timeline: readonly TimelineRow[]): readonly TimelineRow[] {
  const parted = timeline.findIndex(({ agrees }) => !agrees);
  const at = parted === -1 ? timeline.length : parted;
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

/** Where nothing was recorded on the baseline, its word for the whole stands where the two part. */
function baselineCell(
  row: TimelineRow,
  isParting: boolean,
  { baseline }: Finding,
  options: TimelineOptions,
): string {
  if (row.baseline !== undefined) return cell(row.baseline, options.baselineBlobUrl);
  return isParting && baseline !== undefined ? cell(baseline, options.baselineBlobUrl) : '';
}

function cell(content: TimelineCell | undefined, blobUrl: string | undefined): string {
  if (content === undefined) return '';
  const text = markdownText(content.words, 200);
  return content.location === undefined
    ? text
    : `${text}, ${locationLink(content.location, blobUrl)}`;
}
