import { toldDrift, type Drift, type DriftReview } from '../model/drift.js';
import type { Report } from '../model/report.js';
import { markdownCode, markdownText } from '../untrusted/markdown.js';
import { driftWords, untoldWords } from './drift-words.js';
import { folded } from './folded.js';
import { locationLink } from './location-link.js';

const MAX_ROWS = 30;

interface Options {
  readonly blobUrl: string | undefined;
  readonly docsUrl?: string | undefined;
}

/** Where the code differs from history and replay passes. */
export function driftSection({ drift, verdict }: Report, options: Options): string {
  if (drift === undefined) return '';
  const told = toldDrift(drift);
  const notes = notesOn(drift);
  if (told.length === 0 && notes.length === 0) return '';
  const rows = told.slice(0, MAX_ROWS).map((one) => rowOf(one, options));
  const count = `${told.length} ${told.length === 1 ? 'difference' : 'differences'} from history`;
  const title = `Drift: ${told.length === 0 ? 'what was not compared' : count}`;
  return folded(
    title,
    [
      ...(told.length === 0
        ? []
        : [
            `Here the code differs from history. Replay does not look at this, so the executions go on. ${pageLink(options)}`,
            [
              '| Where | Command | What differs | Executions |',
              '| --- | --- | --- | --- |',
              ...rows,
              ...(told.length > rows.length
                ? [`| … ${told.length - rows.length} more | | | |`]
                : []),
            ].join('\n'),
          ]),
      ...(notes.length === 0
        ? []
        : [notes.map((note) => `- ${markdownText(note, 1000)}`).join('\n')]),
    ].join('\n\n'),
    verdict.reason === 'drift',
  );
}

function rowOf(drift: Drift, { blobUrl }: Options): string {
  const where =
    drift.location === undefined
      ? drift.workflowTypes.map((type) => markdownCode(type, 100)).join(', ')
      : locationLink(drift.location, blobUrl);
  return (
    `| ${where} | ${markdownText(drift.command, 200)} | ${markdownText(driftWords(drift), 400)} | ` +
    `${drift.executions}, ${drift.running} of them running |`
  );
}

function pageLink({ docsUrl }: Options): string {
  return docsUrl === undefined
    ? 'See docs/drift.md.'
    : `<a href="${docsUrl}drift.md">What drift is</a>`;
}

/** What was not compared, so that nobody takes silence for sameness. */
export function notesOn(drift: DriftReview): string[] {
  const notes: string[] = [];
  const untold = untoldWords(drift);
  if (untold !== undefined) notes.push(untold);
  if (drift.undecoded.length > 0) {
    notes.push(
      `Payloads with the encoding ${drift.undecoded.slice(0, 5).join(', ')} were not compared: set codec-endpoint ` +
        'to a codec server that decodes them.',
    );
  }
  if (drift.compared < drift.chosen) {
    notes.push(
      `Only ${drift.compared} of ${drift.chosen} executions could be recorded to look for drift.`,
    );
  }
  return notes;
}
