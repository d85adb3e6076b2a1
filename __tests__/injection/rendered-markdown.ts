import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** What a reader's browser would be given. */
export interface Rendered {
  /** The elements in their order, without what is in them: the names of a link also tell where it leads. */
  readonly skeleton: readonly string[];
  /** The text outside of code, as it is shown: GitHub looks in it for mentions and references. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/**
 * Renders Markdown as GitHub does before it cleans the HTML: CommonMark with GitHub's extensions, and raw
 * HTML as it stands.
 */
export function renderMarkdown(markdown: string): Rendered {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const skeleton: string[] = [];
  const text: string[] = [];
  let codes = 0;
  let end = 0;
  for (const tag of html.matchAll(/<(?:"[^"]*"|'[^']*'|[^'">])*>|<!--.*?-->/gsu)) {
    if (codes === 0) text.push(html.slice(end, tag.index));
    end = tag.index + tag[0].length;
    const name = /^<\/?([a-z0-9]*)/iu.exec(tag[0])?.[1] ?? '';
    if (name === 'code') codes += tag[0].startsWith('</') ? -1 : 1;
    const href = /\bhref="(https?:\/\/[^/]*\/[^/]*\/[^/]*\/)/u.exec(tag[0])?.[1];
    skeleton.push(tag[0].startsWith('<a ') ? `<a ${href ?? tag[0]}>` : tag[0]);
  }
  text.push(html.slice(end));
  return {
    skeleton,
    text: text
      .join('\n')
      .replace(/&(amp|lt|gt|quot);/gu, (_, name: string) => ENTITIES[name] ?? ''),
  };
}

/** The first mention, reference or address that GitHub would make a link of, if any. */
export function activeReference(text: string): string | undefined {
  return (
    /(?<![\w/])@[a-z\d][\w-]*/iu.exec(text)?.[0] ??
    /(?:^|[^&\w])#\d+\b/u.exec(text)?.[0] ??
    /\bGH-\d+\b/iu.exec(text)?.[0]
  );
}
