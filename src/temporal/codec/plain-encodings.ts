/** The encodings that every SDK's default converter reads. A codec replaces them with its own. */
const PLAIN: ReadonlySet<string> = new Set([
  'json/plain',
  'json/protobuf',
  'binary/plain',
  'binary/protobuf',
  'binary/null',
]);

export function isPlainEncoding(encoding: string): boolean {
  return PLAIN.has(encoding);
}
