/** @tier middle */
import { expect, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { projectRoot } from '../../testing/project-root.js';
import { runCommand } from '../../testing/run-command.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { digestsOfParent, JSON_DOCUMENTS } from './json-documents.js';

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
	lines.Buffer(nil, 1<<20)
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

const sdk = await findGoSdk(GO_SDKS.newest);

skipUnless(sdk).it('Go writes JSON to the byte as the parent does', async () => {
  const folder = await temporaryFolder('canonical');
  const source = join(projectRoot, 'replayers', 'go', 'runtime', 'canonical_json.go');
  const text = await readFile(source, 'utf8');
  await writeFile(join(folder, 'canonical_json.go'), text.replace('replaygate', 'main'));
  await writeFile(join(folder, 'main.go'), PROGRAM);
  await writeFile(join(folder, 'go.mod'), 'module canonical\n\ngo 1.21\n');
  await writeFile(
    join(folder, 'documents'),
    JSON_DOCUMENTS.map((one) => `${one.toString('base64')}\n`).join(''),
  );
  const { stdout } = await runCommand('sh', ['-c', 'go run . < documents'], { cwd: folder });
  await removeFolder(folder);
  const written = stdout.trimEnd().split('\n');
  const digests = JSON_DOCUMENTS.map((document, index) => {
    const line = written[index] ?? '';
    const content = line === '-' ? document : Buffer.from(line, 'base64');
    const hash = createHash('sha256').update('json/plain\0\0').update(content).digest('hex');
    return `${document.toString()} json/plain:${hash.slice(0, 32)}`;
  });
  expect(digests).toEqual(digestsOfParent());
});
