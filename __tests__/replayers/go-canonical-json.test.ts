import { expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { payloadDigest } from '../../src/replay/carried.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { projectRoot } from '../../testing/project-root.js';
import { runCommand } from '../../testing/run-command.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { canRun } from '../../testing/toolchain.js';

jest.setTimeout(120_000);

/** Prints, for each text of its input in base64, the same written again in base64, or `-` for no JSON. */
const PROGRAM = `package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		data, _ := base64.StdEncoding.DecodeString(lines.Text())
		if written, ok := canonicalJSON(data); ok {
			fmt.Println(base64.StdEncoding.EncodeToString(written))
		} else {
			fmt.Println("-")
		}
	}
}
`;

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

const sdk = await findGoSdk(GO_SDKS.newest);

(canRun(sdk) ? it : it.skip)('Go writes JSON to the byte as the parent does', async () => {
  const folder = await temporaryFolder('canonical');
  const source = join(projectRoot, 'replayers', 'go', 'runtime', 'canonical_json.go');
  const text = await readFile(source, 'utf8');
  await writeFile(join(folder, 'canonical_json.go'), text.replace('replaygate', 'main'));
  await writeFile(join(folder, 'main.go'), PROGRAM);
  await writeFile(join(folder, 'go.mod'), 'module canonical\n\ngo 1.21\n');
  const documents = [...TEXTS, ...BROKEN];
  await writeFile(
    join(folder, 'documents'),
    documents.map((one) => `${one.toString('base64')}\n`).join(''),
  );
  const { stdout } = await runCommand('sh', ['-c', 'go run . < documents'], { cwd: folder });
  await removeFolder(folder);
  const written = stdout.trimEnd().split('\n');
  const digests = documents.map((document, index) => {
    const line = written[index] ?? '';
    const content = line === '-' ? document : Buffer.from(line, 'base64');
    const hash = createHash('sha256').update('json/plain\0\0').update(content).digest('hex');
    return `${document.toString()} ${hash.slice(0, 32)}`;
  });
  expect(digests).toEqual(
    documents.map((data) => {
      const digest = payloadDigest({ metadata: { encoding: Buffer.from('json/plain') }, data });
      return `${data.toString()} ${digest.replace('json/plain:', '')}`;
    }),
  );
});
