import type { SourceLocation } from '../../model/source-location.js';
import { html, type Html } from '../../untrusted/html.js';
import { locationUrl } from '../location-link.js';

/**
 * A text with a link where there is an address for it.
 *
 * @param url starts with an address of ours, whatever follows
 */
export function linked(text: Html, url: string | undefined): Html {
  return url === undefined ? text : html`<a href="${url}" rel="noreferrer">${text}</a>`;
}

/** A place in the code. */
export function place(location: SourceLocation, blobUrl: string | undefined): Html {
  return linked(
    html`<code>${location.file}:${location.line}</code>`,
    locationUrl(location, blobUrl),
  );
}
