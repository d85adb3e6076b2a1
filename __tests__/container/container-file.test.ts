import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ContainerFile, ContainerWriter } from '../../src/container/container-file.js';
import {
  DIGEST_BYTES,
  DIGEST_OFFSET,
  HEADER_BYTES,
  type BlockLength,
} from '../../src/container/container-header.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';

const PASSPHRASE = 'correct horse battery staple';
const MANIFEST = Buffer.from('{"the":"manifest"}');
const BLOCKS = [
  Buffer.from('the first history'),
  Buffer.alloc(0),
  Buffer.alloc(3_000_000, 'a long history '),
];

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder('container');
});
afterAll(() => removeFolder(folder));

let written = 0;
async function write(passphrase?: string): Promise<{
  path: string;
  digest: string;
  lengths: BlockLength[];
}> {
  written += 1;
  const path = join(folder, `${written}.trc`);
  const writer = await ContainerWriter.create(path, passphrase);
  const lengths: BlockLength[] = [];
  for (const block of BLOCKS) lengths.push(await writer.add(block));
  return { path, digest: await writer.finish(MANIFEST), lengths };
}

/** A path whose file is another one, made of a good one. */
async function changed(
  change: (bytes: Buffer) => Uint8Array,
  passphrase?: string,
): Promise<string> {
  const { path } = await write(passphrase);
  writeFileSync(path, change(readFileSync(path)));
  return path;
}

/** With the digest that fits, as somebody who forges would. */
function forge(bytes: Buffer): Buffer {
  bytes.fill(0, DIGEST_OFFSET, DIGEST_OFFSET + DIGEST_BYTES);
  createHash('sha256').update(bytes).digest().copy(bytes, DIGEST_OFFSET);
  return bytes;
}

describe.each([
  ['plain', undefined],
  ['encrypted', PASSPHRASE],
])('a %s container', (_, passphrase) => {
  test('gives back what was put into it, in any order', async () => {
    const { path, digest, lengths } = await write(passphrase);
    const file = await ContainerFile.open(path, { passphrase, digest });
    expect((await file.readManifest()).equals(MANIFEST)).toBe(true);
    for (const number of [2, 0, 1]) {
      const offset = lengths.slice(0, number).reduce((sum, { stored }) => sum + stored, 0);
      const length = lengths[number];
      if (length === undefined) throw new Error('no such block');
      const block = await file.readBlock(offset, length, number);
      expect(block.equals(BLOCKS[number] ?? Buffer.alloc(1))).toBe(true);
    }
    expect(file.digest).toBe(digest);
    await file.close();
  });

  test('is compressed, and for nobody else on the machine to read', async () => {
    const { path } = await write(passphrase);
    expect(readFileSync(path).length).toBeLessThan(10_000);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  test('of which any byte is another one is refused', async () => {
    const { path, digest } = await write(passphrase);
    const bytes = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const other = Buffer.from(bytes);
          other[at] = (other[at] ?? 0) ^ by;
          writeFileSync(path, other);
          await expect(ContainerFile.open(path, { passphrase, digest })).rejects.toThrow(
            /The container cannot be used/u,
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test('that is cut anywhere is refused', async () => {
    const { path } = await write(passphrase);
    const bytes = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), async (length) => {
        writeFileSync(path, bytes.subarray(0, length));
        await expect(ContainerFile.open(path, { passphrase })).rejects.toThrow(/it is cut off/u);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a container that is encrypted', () => {
  test('shows nothing of what is in it, and is another file each time', async () => {
    const [one, other] = [await write(PASSPHRASE), await write(PASSPHRASE)];
    const bytes = readFileSync(one.path);
    expect(bytes.includes('history') || bytes.includes('manifest')).toBe(false);
    expect(one.digest).not.toBe(other.digest);
    const plain = [await write(), await write()];
    expect(plain[0]?.digest).toBe(plain[1]?.digest);
  });

  test('opens with its passphrase only, however it was typed', async () => {
    const { path } = await write('caf\u00e9 with enough characters');
    for (const passphrase of ['cafe with enough characters', PASSPHRASE]) {
      const file = await ContainerFile.open(path, { passphrase });
      await expect(file.readManifest()).rejects.toThrow(/the passphrase does not open it/u);
      await file.close();
    }
    await expect(ContainerFile.open(path, {})).rejects.toThrow(/there is no passphrase/u);
    const composed = await ContainerFile.open(path, {
      passphrase: 'cafe\u0301 with enough characters',
    });
    expect((await composed.readManifest()).equals(MANIFEST)).toBe(true);
    await composed.close();
  });

  test('has blocks that cannot change places', async () => {
    const { path, lengths } = await write(PASSPHRASE);
    const file = await ContainerFile.open(path, { passphrase: PASSPHRASE });
    const [first] = lengths;
    if (first === undefined) throw new Error('no block');
    await expect(file.readBlock(0, first, 1)).rejects.toThrow(/passphrase does not open it/u);
    await file.close();
  });
});

describe('what is refused', () => {
  test.each<[string, (bytes: Buffer) => Uint8Array, RegExp]>([
    ['an empty file', () => Buffer.alloc(0), /it is cut off: it has 0 bytes/u],
    ['another kind of file', () => Buffer.from('PK\u0003\u0004'.repeat(50)), /it is no container/u],
    [
      'line ends that a transfer changed',
      (bytes) => Buffer.from(bytes.toString('latin1').replace('\r\n', '\n'), 'latin1'),
      /it is no container/u,
    ],
    ...[1, 3].map((version): [string, (bytes: Buffer) => Uint8Array, RegExp] => [
      `version ${version}`,
      (bytes) => {
        bytes.writeUInt16BE(version, 8);
        return forge(bytes);
      },
      new RegExp(`it is of version ${version}, and this action reads version 2`, 'u'),
    ]),
    [
      'another protection',
      (bytes) => {
        bytes.writeUInt8(9, 10);
        return forge(bytes);
      },
      /it is damaged/u,
    ],
    ['more behind its end', (bytes) => Buffer.concat([bytes, Buffer.from('x')]), /it is damaged/u],
  ])('%s', async (_, change, words) => {
    await expect(ContainerFile.open(await changed(change), {})).rejects.toThrow(words);
  });

  test('another container than the fetch job told of', async () => {
    const { path } = await write();
    await expect(ContainerFile.open(path, { digest: '0'.repeat(64) })).rejects.toThrow(
      /not the container that the fetch job wrote/u,
    );
  });

  test('no file', async () => {
    await expect(ContainerFile.open(join(folder, 'none'), {})).rejects.toThrow(/ENOENT/u);
  });

  test('a manifest that would become more than it says', async () => {
    const path = await changed((bytes) => {
      bytes.writeUInt32BE(5, 16);
      return forge(bytes);
    });
    const file = await ContainerFile.open(path, {});
    await expect(file.readManifest()).rejects.toThrow(/it is damaged/u);
    await file.close();
  });

  test('a block that says that it becomes more than any history', async () => {
    const { path, lengths } = await write();
    const file = await ContainerFile.open(path, {});
    const stored = lengths[0]?.stored ?? 0;
    await expect(file.readBlock(0, { stored, raw: 2 ** 30 }, 0)).rejects.toThrow(/damaged/u);
    await file.close();
  });
});

test('what is discarded leaves nothing', async () => {
  const path = join(folder, 'discarded.trc');
  const writer = await ContainerWriter.create(path, undefined);
  await writer.add(Buffer.from('x'));
  await writer.discard();
  expect(readdirSync(folder).filter((name) => name.startsWith('discarded'))).toEqual([]);
});

test('until it is whole it has not its name', async () => {
  const path = join(folder, 'later.trc');
  const writer = await ContainerWriter.create(path, undefined);
  await writer.add(Buffer.from('x'));
  expect(existsSync(path)).toBe(false);
  await writer.finish(MANIFEST);
  expect(readFileSync(path).length).toBeGreaterThan(HEADER_BYTES);
});
