import MarkdownIt from 'markdown-it';

/** What a reader's browser would be given. */
export interface Rendered {
  /** The elements in their order, without what is in them: the names of a link also tell where it leads. */
  readonly skeleton: readonly string[];
  /** The text outside of code, as it is shown: GitHub looks in it for mentions and references. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** CommonMark with tables and strike-through, and HTML as it stands: GitHub cleans it only afterwards. */
const renderer = new MarkdownIt('default', { html: true });

/** Renders Markdown as GitHub does, but for the links that it makes of addresses and references. */
export function renderMarkdown(markdown: string): Rendered {
  const html = renderer.render(markdown);
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
    skeleton.push(href === undefined ? tag[0] : `<a ${href}>`);
  }
  text.push(html.slice(end));
  return {
    skeleton,
    text: text
      .join('\n')
      .replace(/&(amp|lt|gt|quot);/gu, (_, name: string) => ENTITIES[name] ?? ''),
  };
}

/** The first mention or reference that GitHub would make a link of in a shown text, if any. */
export function activeReference(text: string): string | undefined {
  return (
    /(?<![\w/])@[a-z\d][\w-]*/iu.exec(text)?.[0] ??
    /(?:^|[^&\w])#\d+\b/u.exec(text)?.[0] ??
    /\bGH-\d+\b/iu.exec(text)?.[0]
  );
}

/** The first address in a Markdown text that would become a link by itself, if any. */
export function activeAddress(markdown: string): string | undefined {
  // GitHub makes no link of what is in a block of code.
  const written = markdown
    .replace(/^(`{3,})[a-z]+\n[\s\S]*?\n\1$/gmu, '')
    .replace(/ href="[^"]*"/gu, '');
  return /(?:\b(?:https?|ftp):\/\/|\bwww\.|\b(?:mailto|xmpp):|[\w.+-]@[\w-])\S*/iu.exec(
    written,
  )?.[0];
}
