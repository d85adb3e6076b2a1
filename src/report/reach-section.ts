import type { LineRange } from '../model/reach.js';
import type { Report } from '../model/report.js';
import { folded } from './folded.js';
import { locationLink } from './location-link.js';

const MAX_PLACES = 30;

/** The changed workflow lines that no history has run. Replay says nothing about them. */
export function reachSection(
  { reach }: Report,
  { blobUrl }: { readonly blobUrl: string | undefined },
): string {
  if (reach === undefined) return '';
  const places = reach.unreached
    .slice(0, MAX_PLACES)
    .map(({ file, startLine }) => `- ${locationLink({ file, line: startLine }, blobUrl)}`);
  const more = reach.unreached.length - places.length;
  if (places.length === 0) return reachWords(reach);
  return folded(
    reachWords(reach),
    [...places, ...(more > 0 ? [`- … ${more} more`] : [])].join('\n'),
  );
}

/** How many of the changed lines replayed histories ran. */
export function reachWords({ changedLines, reachedLines }: NonNullable<Report['reach']>): string {
  if (changedLines === 0) return 'No changed line is code that the workflow bundle runs.';
  const missed = changedLines - reachedLines;
  if (changedLines === 1) {
    return missed === 0
      ? 'Replayed histories ran the one changed workflow line.'
      : 'No replayed history ran the one changed workflow line, so this check says nothing about it.';
  }
  return missed === 0
    ? `Replayed histories ran all ${changedLines} changed workflow lines.`
    : `No replayed history ran ${missed} of ${changedLines} changed workflow lines, so this check says nothing about ${missed === 1 ? 'it' : 'them'}.`;
}

/** For example "lines 12 to 15". */
export function rangeWords({ startLine, endLine }: LineRange): string {
  return startLine === endLine ? 'this line' : `lines ${startLine} to ${endLine}`;
}
