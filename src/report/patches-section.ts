import { roundDuration } from '../model/round-duration.js';
import type { PatchAdvice, PatchReview } from '../model/patch-review.js';
import type { Report } from '../model/report.js';
import { markdownCode } from '../untrusted/markdown.js';
import { folded } from './folded.js';
import { locationLink } from './location-link.js';

const MAX_ROWS = 30;
const MAX_LOCATIONS = 3;

/** Which patches running executions still need, and which old branches can go. */
export function patchesSection(
  report: Report,
  { blobUrl }: { readonly blobUrl: string | undefined },
): string {
  const { patches } = report;
  if (patches.length === 0) return '';
  const rows = patches.slice(0, MAX_ROWS).map((patch) => {
    const places = patch.locations
      .slice(0, MAX_LOCATIONS)
      .map((location) => locationLink(location, blobUrl));
    return (
      `| ${markdownCode(patch.id, 200)} | ${places.join(', ')} | ` +
      `${patch.runningWith} with, ${patch.runningWithout} without | ${adviceWords(patch, report)} |`
    );
  });
  return folded(
    `Patches: ${patches.length}`,
    [
      '| Patch | Asked for at | Running executions | What can be done |',
      '| --- | --- | --- | --- |',
      ...rows,
      ...(patches.length > rows.length ? [`| … ${patches.length - rows.length} more | | | |`] : []),
    ].join('\n'),
  );
}

/** What running executions allow now, and until when closed ones do not. */
export function adviceWords({ advice }: PatchReview, { asOf, retentionMs }: Report): string {
  const words: Readonly<Record<PatchAdvice, string>> = {
    keep:
      'Keep both branches: executions without the patch that are past its place need the old one. ' +
      `${CLOSED} need it ${longer(retentionMs)}.`,
    deprecate:
      `Since ${dayOf(asOf)} at the latest no running execution needs the old branch: remove it, and replace patched ` +
      `with deprecatePatch. ${CLOSED} need it ${until(asOf, retentionMs)}.`,
    'keep-deprecated':
      'Keep deprecatePatch until the last execution with the patch has closed. ' +
      `${CLOSED} need it ${longer(retentionMs)}.`,
    remove:
      `Since ${dayOf(asOf)} at the latest no running execution has it: remove deprecatePatch. ` +
      `${CLOSED} need it ${until(asOf, retentionMs)}.`,
    'not-asked': 'The code asked for it in no recorded replay.',
  };
  return words[advice];
}

const CLOSED = 'Queries on closed executions, and resets of them,';

function longer(retentionMs: number | undefined): string {
  return retentionMs === undefined
    ? 'as long as the namespace keeps them after that: its retention is not known'
    : `for ${roundDuration(retentionMs)} after the last of these has closed, the retention of the namespace`;
}

/** Whoever needs it has closed by then, so that no execution that retention still keeps can need it later. */
function until(asOf: string, retentionMs: number | undefined): string {
  if (retentionMs === undefined) {
    return 'as long as the namespace keeps them: its retention is not known';
  }
  const end = new Date(Date.parse(asOf) + retentionMs).toISOString();
  return `until ${dayOf(end)} at the latest, by the retention of the namespace (${roundDuration(retentionMs)})`;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
