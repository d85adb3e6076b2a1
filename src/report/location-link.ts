import type { SourceLocation } from '../model/source-location.js';
import { markdownCode } from '../untrusted/markdown.js';

/**
 * A place in the code, as Markdown.
 *
 * @param blobUrl for example `https://github.com/OWNER/REPO/blob/SHA/`; undefined: no link
 */
export function locationLink(location: SourceLocation, blobUrl: string | undefined): string {
  const place = markdownCode(`${location.file}:${location.line}`);
  if (blobUrl === undefined) return place;
  const path = location.file.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return `<a href="${blobUrl}${path.replace(/'/gu, '%27')}#L${location.line}">${place}</a>`;
}
