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
    keep: 'Keep both branches: executions without the patch that are past its place need the old one.',
    deprecate:
      'Every running execution has it: remove the old branch, and replace patched with deprecatePatch.',
    'keep-deprecated': 'Keep deprecatePatch until the last execution with the patch has closed.',
    remove: 'No running execution has it: remove deprecatePatch.',
    'not-asked': 'No recorded history asked for it.',
  };
  return words[advice];
}
