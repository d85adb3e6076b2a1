/** The tags of a page or an XML file in their order, with the names of their attributes and without values. */
export function skeleton(markup: string): readonly string[] {
  return [...markup.matchAll(/<[^>]*>/gu)].map(([tag]) => tag.replace(/="[^"]*"/gu, ''));
}
