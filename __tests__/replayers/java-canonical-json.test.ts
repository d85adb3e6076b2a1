/** @tier middle */
import { expect, jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { projectRoot } from '../../testing/project-root.js';
import { runCommand } from '../../testing/run-command.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { digestsOfParent, JSON_DOCUMENTS } from './json-documents.js';

jest.setTimeout(120_000);

/** Prints the digest of each document of its input, which are in base64, as JSON payloads. */
const PROGRAM = `package temporalreplaygate;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Base64;

public class Digests {
  public static void main(String[] args) throws Exception {
    for (String line : Files.readAllLines(Paths.get(args[0]))) {
      System.out.println(
          Payloads.digest(
              Payload.newBuilder()
                  .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                  .setData(ByteString.copyFrom(Base64.getDecoder().decode(line)))
                  .build()));
    }
  }
}
`;

const sdk = await findJavaSdk(JAVA_SDKS.newest);

skipUnless(sdk).it('Java writes JSON to the byte as the parent does', async () => {
  const { classPath } = required(sdk);
  const folder = await temporaryFolder('canonical');
  const runtime = join(projectRoot, 'replayers', 'java', 'runtime');
  const program = join(folder, 'Digests.java');
  await writeFile(program, PROGRAM);
  await writeFile(
    join(folder, 'documents'),
    JSON_DOCUMENTS.map((one) => `${one.toString('base64')}\n`).join(''),
  );
  const sources = ['CanonicalJson', 'Carried', 'Payloads'].map((name) =>
    join(runtime, `${name}.java`),
  );
  await runCommand('javac', ['-proc:none', '-cp', classPath, '-d', folder, program, ...sources]);
  const { stdout } = await runCommand('java', [
    '-cp',
    [folder, classPath].join(delimiter),
    'temporalreplaygate.Digests',
    join(folder, 'documents'),
  ]);
  await removeFolder(folder);
  const written = stdout.trimEnd().split('\n');
  expect(
    JSON_DOCUMENTS.map((document, index) => `${document.toString()} ${written[index] ?? ''}`),
  ).toEqual(digestsOfParent());
});
