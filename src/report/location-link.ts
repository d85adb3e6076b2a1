import type { SourceLocation } from '../model/source-location.js';
import { markdownCode } from '../untrusted/markdown.js';

/**
 * A place in the code, as Markdown.
 *
 * @param blobUrl for example `https://github.com/OWNER/REPO/blob/SHA/`; undefined: no link
 */
export function locationLink(location: SourceLocation, blobUrl: string | undefined): string {
  const place = markdownCode(`${location.file}:${location.line}`);
  const url = locationUrl(location, blobUrl);
  return url === undefined ? place : `<a href="${url}">${place}</a>`;
}

/** Its line at GitHub, safe between quotes. */
export function locationUrl(
  { file, line }: SourceLocation,
  blobUrl: string | undefined,
): string | undefined {
  if (blobUrl === undefined) return undefined;
  const path = file.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return `${blobUrl}${path.replace(/'/gu, '%27')}#L${line}`;
}
