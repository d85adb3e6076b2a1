import type { LineRange } from '../model/reach.js';
import type { Report } from '../model/report.js';
import { locationLink } from './location-link.js';

const MAX_PLACES = 30;

/** Of which changed workflow lines replay says nothing, because no history has run them. */
export function reachSection(
  { reach }: Report,
  { blobUrl }: { readonly blobUrl: string | undefined },
): string {
  if (reach === undefined) return '';
  const places = reach.unreached
    .slice(0, MAX_PLACES)
    .map(({ file, startLine }) => `- ${locationLink({ file, line: startLine }, blobUrl)}`);
  const more = reach.unreached.length - places.length;
  return [
    '### Which changed lines the histories reach',
    '',
    reachWords(reach),
    ...(places.length === 0 ? [] : ['', ...places]),
    ...(more > 0 ? [`- … ${more} more`] : []),
  ].join('\n');
}

/** The number first; of what was not reached, replay has nothing to say. */
export function reachWords({ changedLines, reachedLines }: NonNullable<Report['reach']>): string {
  if (changedLines === 0) return 'No changed line is code that the workflow bundle runs.';
  const missed = changedLines - reachedLines;
  if (changedLines === 1) {
    return missed === 0
      ? 'The one changed workflow line was run by replayed histories.'
      : 'The one changed workflow line was run by no replayed history, so this check says nothing about it.';
  }
  return missed === 0
    ? `All ${changedLines} changed workflow lines were run by replayed histories.`
    : `${missed} of ${changedLines} changed workflow lines ${missed === 1 ? 'was' : 'were'} run by no replayed history, so this check says nothing about ${missed === 1 ? 'it' : 'them'}.`;
}

/** For example "lines 12 to 15". */
export function rangeWords({ startLine, endLine }: LineRange): string {
  return startLine === endLine ? 'this line' : `lines ${startLine} to ${endLine}`;
}
