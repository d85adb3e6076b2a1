/** @tier middle */
import { expect, jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { projectRoot } from '../../testing/project-root.js';
import { runCommand } from '../../testing/run-command.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { required } from '../../testing/toolchain.js';

jest.setTimeout(120_000);

/** Prints why each payload cannot be decoded as each type. */
const PROGRAM = `package temporalreplaygate;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DefaultDataConverter;
import java.util.Collections;
import java.util.List;
import java.util.Map;

public class Reasons {
  public enum Color { RED }
  public static class Item { public int price; public Color color; public Map<String, Integer> counts; }
  public static class Order { public List<Item> items; }

  public static void main(String[] arguments) {
    say("{\\"items\\":[{\\"price\\":\\"4711 secret coins\\"}]}");
    say("{\\"items\\":[{\\"color\\":\\"ULTRAVIOLET\\"}]}");
    say("{\\"items\\":[{\\"colour\\":\\"RED\\"}]}");
    say("{\\"items\\":[{\\"counts\\":{\\"sk_live_key\\":\\"hidden\\"}}]}");
    say("{\\"items\\":[{\\"price\\":12345678901234}]}");
    say("sealedwords that are no JSON");
    // A converter of the application may say anything.
    Payload document = payload("{\\"name\\":\\"Ada Lovelace\\",\\"kind\\":\\"Order\\"}");
    System.out.println(Reason.of(new IllegalStateException(
        "JSON input: {\\"name\\":\\"Ada Lovelace\\"} is wrong"), Collections.singletonList(document)));
    System.out.println(Reason.of(new IllegalStateException(
        "no a.b.Order for 'Ada Lovelace', or Ada Lovelace."), Collections.singletonList(document)));
    System.out.println(Reason.of(new RuntimeException(), Collections.singletonList(document)));
  }

  private static Payload payload(String text) {
    return Payload.newBuilder()
        .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
        .setData(ByteString.copyFromUtf8(text))
        .build();
  }

  private static void say(String text) {
    Payload payload = payload(text);
    try {
      DefaultDataConverter.newDefaultInstance().fromPayload(payload, Order.class, Order.class);
      System.out.println("decoded");
    } catch (RuntimeException error) {
      System.out.println(Reason.of(error, Collections.singletonList(payload)));
    }
  }
}
`;

const sdk = await findJavaSdk(JAVA_SDKS.newest);

skipUnless(sdk).it('a reason names the field and holds nothing of the payload', async () => {
  const { classPath } = required(sdk);
  const folder = await temporaryFolder('reasons');
  const program = join(folder, 'Reasons.java');
  await writeFile(program, PROGRAM);
  const sources = ['Reason', 'Carried', 'Payloads', 'CanonicalJson', 'Thrown'].map((name) =>
    join(projectRoot, 'replayers', 'java', 'runtime', `${name}.java`),
  );
  const compiler = ['-proc:none', '-encoding', 'UTF-8', '-cp', classPath, '-d', folder];
  await runCommand('javac', [...compiler, program, ...sources]);
  const all = [folder, classPath].join(delimiter);
  const options = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8', '-cp', all];
  const { stdout } = await runCommand('java', [...options, 'temporalreplaygate.Reasons']);
  await removeFolder(folder);
  expect(stdout.trimEnd().split('\n')).toEqual([
    'InvalidFormatException: Cannot deserialize value of type `int` from String "…": not a valid `int` value (at items[0].price)',
    expect.stringMatching(
      /^InvalidFormatException: .*Reasons\$Color` from String "…": not .* \(at items\[0\]\.color\)$/u,
    ),
    expect.stringMatching(
      /^UnrecognizedPropertyException: Unrecognized field "colour" .*\(at items\[0\]\.colour\)$/u,
    ),
    expect.stringMatching(
      /^InvalidFormatException: .* from String "…": .* \(at items\[0\]\.counts\[…\]\)$/u,
    ),
    expect.stringMatching(
      /^(?:InputCoercion|JsonMapping)Exception: Numeric value \(…\) out of range of int/u,
    ),
    expect.stringMatching(/^JsonParseException: Unrecognized token '…': was expecting/u),
    'IllegalStateException: JSON input: …',
    "IllegalStateException: no a.b.Order for '…', or …",
    'RuntimeException',
  ]);
});
