import { payloadDigest } from '../../src/replay/carried.js';
import { Random } from '../../testing/random.js';

const TEXTS = [
  '{"b":1,"a":{"10":1,"9":2,"01":3,"x":[]}}',
  '{"4294967294":1,"4294967295":2,"5":3,"-1":4,"":5}',
  '{"a":1,"a":2,"__proto__":{"b":1}}',
  '{"\u{1F600}":1,"\uFFFD":2,"\uE000":3,"\u00e9":4,"e":5}',
  String.raw`{"\ud800":1,"\udc00\ud800":2,"\ud83d\ude00":3,"\u2028":"\u2029<>&\u007f"}`,
  String.raw`"\b\f\n\r\t\/\\\"\u0001\u001f"`,
  '[0,-0,1.0,1e0,1E+2,1e21,1e20,123456789012345680000,1e-6,1e-7,1.5e-10,-2.5E-300,5e-324,1e400,-1e400]',
  '[9007199254740993,0.1,0.30000000000000004,1.7976931348623157e308,4.35,100000000000000000000000]',
  ' \t\r\n[ true , false , null , "x" ] ',
  '\uFEFF{"a":1}',
  '[]',
  '{}',
  // No JSON.
  '',
  '{"a":1',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  '-',
  'NaN',
  'Infinity',
  'nul',
  '"\t"',
  String.raw`"\x"`,
  String.raw`"\u+123"`,
  String.raw`"\u12"`,
  '"a',
  '1 2',
  '[1]]',
  "'a'",
].map((text) => Buffer.from(text));

/** Broken UTF-8, which is replaced piece by piece. */
const BROKEN = [
  [0xff],
  [0xe2, 0x82],
  [0xe2, 0x28, 0xa1],
  [0xf0, 0x9f, 0x98],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xc0, 0xaf],
  [0xc3],
].map((bytes) => Buffer.concat([Buffer.from('["'), Buffer.from(bytes), Buffer.from('x"]')]));

/** Numbers of every size, whose shortest digits each language finds in its own way. */
function numbers(): Buffer {
  const random = new Random(1);
  const bits = new DataView(new ArrayBuffer(8));
  const some = Array.from({ length: 2_000 }, () => {
    bits.setUint32(0, random.integer(0, 2 ** 32 - 1));
    bits.setUint32(4, random.integer(0, 2 ** 32 - 1));
    return bits.getFloat64(0);
  }).filter(Number.isFinite);
  const powers = Array.from({ length: 2_098 }, (_, index) => 2 ** (index - 1_074));
  return Buffer.from(JSON.stringify([...some, ...powers]));
}

/** What every language must write again as the parent does. */
export const JSON_DOCUMENTS: readonly Buffer[] = [...TEXTS, ...BROKEN, numbers()];

/** `DOCUMENT ENCODING:DIGEST` of each. */
export function digestsOfParent(): string[] {
  return JSON_DOCUMENTS.map((data) => {
    const digest = payloadDigest({ metadata: { encoding: Buffer.from('json/plain') }, data });
    return `${data.toString()} ${digest}`;
  });
}
