import { readable, truncate } from './readable.js';

/** The most characters of an untrusted text that a page shows. Longer texts end in an ellipsis. */
const MAX_TEXT = 4000;

/** A piece of a page: only `html` makes one, so whatever is none is a text and becomes harmless. */
export class Html {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** What a template takes. Nothing comes of `undefined`. */
export type Piece = Html | string | number | undefined | readonly Piece[];

/**
 * A template of HTML. Texts in it are untrusted, whoever wrote them: they end neither their element nor their
 * attribute, whose quotes the template must write.
 *
 *     html`<td title="${name}">${words}</td>`
 */
export function html(template: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(
    template
      // How the template is laid out here is nothing to a browser.
      .map((part, index) => part.replace(/\n\s+/gu, '\n') + shown(pieces[index]))
      .join(''),
  );
}

/** Untrusted text as the lines of a block of code. */
export function htmlLines(text: string): Html {
  return new Html(text.split('\n').map(shown).join('\n'));
}

function shown(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Html) return piece.source;
  if (typeof piece === 'number') return String(piece);
  return typeof piece === 'string'
    ? escaped(truncate(readable(piece), MAX_TEXT))
    : piece.map(shown).join('');
}

function escaped(text: string): string {
  return text
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .replace(/"/gu, '&quot;')
    .replace(/'/gu, '&#39;');
}
