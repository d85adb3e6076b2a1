import type { PatchAdvice, PatchReview } from '../model/patch-review.js';
import type { Report } from '../model/report.js';
import { markdownCode } from '../untrusted/markdown.js';
import { locationLink } from './location-link.js';

const MAX_ROWS = 30;
const MAX_LOCATIONS = 3;

/** Which patches running executions still need, and which old branches can go. */
export function patchesSection(
  { patches }: Report,
  { blobUrl }: { readonly blobUrl: string | undefined },
): string {
  if (patches.length === 0) return '';
  const rows = patches.slice(0, MAX_ROWS).map((patch) => {
    const places = patch.locations
      .slice(0, MAX_LOCATIONS)
      .map((location) => locationLink(location, blobUrl));
    return (
      `| ${markdownCode(patch.id, 200)} | ${places.join(', ')} | ` +
      `${patch.runningWith} with, ${patch.runningWithout} without | ${adviceWords(patch)} |`
    );
  });
  return [
    '### Patches',
    '',
    '| Patch | Asked for at | Running executions | What can be done |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(patches.length > rows.length ? [`| … ${patches.length - rows.length} more | | | |`] : []),
  ].join('\n');
}

function adviceWords({ advice }: Pick<PatchReview, 'advice'>): string {
  const words: Readonly<Record<PatchAdvice, string>> = {
    keep: 'Keep both branches: those without it that have passed its place need the old one.',
    deprecate:
      'Every running execution has it: the old branch can go, and deprecatePatch take the place of patched.',
    'keep-deprecated': 'Keep deprecatePatch until the last of them has closed.',
    remove: 'No running execution has it: deprecatePatch can go.',
    'not-asked': 'No history that was looked into asked for it.',
  };
  return words[advice];
}
