import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { PLAIN_BLOCKS, SALT_BYTES, SealedBlocks } from '../../src/sealing/blocks.js';

const SALT = randomBytes(SALT_BYTES);
const BYTES = Buffer.from('a history of nobody '.repeat(50));
const sealed = await SealedBlocks.create('correct horse battery staple', SALT);

describe.each([
  ['plain', PLAIN_BLOCKS],
  ['sealed', sealed],
])('a %s block', (_, blocks) => {
  test.each([BYTES, Buffer.alloc(0)])('comes back as it was', async (bytes) => {
    const block = await blocks.pack(bytes, 'one');
    expect((await blocks.unpack(block, 'one', bytes.length))?.equals(bytes)).toBe(true);
  });

  test('never becomes more than it may', async () => {
    const block = await blocks.pack(Buffer.alloc(10_000_000), 'one');
    expect(block.length).toBeLessThan(1000);
    await expect(blocks.unpack(block, 'one', 9_999_999)).rejects.toThrow();
  });
});

describe('a sealed block', () => {
  test('is another one each time, because runs share a key and know nothing of each other', async () => {
    const [one, other] = [await sealed.pack(BYTES, 'one'), await sealed.pack(BYTES, 'one')];
    expect(one.subarray(0, 12).equals(other.subarray(0, 12))).toBe(false);
    expect(one.subarray(12, -16).equals(other.subarray(12, -16))).toBe(false);
  });

  test.each<[string, (block: Buffer) => [SealedBlocks | Promise<SealedBlocks>, Buffer, string]]>([
    ['as another thing', (block) => [sealed, block, 'other']],
    ['with another passphrase', (block) => [SealedBlocks.create('another', SALT), block, 'one']],
    [
      'with another salt',
      (block) => [
        SealedBlocks.create('correct horse battery staple', randomBytes(SALT_BYTES)),
        block,
        'one',
      ],
    ],
    ['where it is cut', (block) => [sealed, block.subarray(0, -1), 'one']],
    ['where nothing is left of it', () => [sealed, Buffer.alloc(27), 'one']],
  ])('does not open %s', async (_, change) => {
    const [blocks, block, identity] = change(await sealed.pack(BYTES, 'one'));
    expect(await (await blocks).unpack(block, identity, BYTES.length)).toBeUndefined();
  });

  test('does not open where any byte of it is another one', async () => {
    const block = await sealed.pack(BYTES, 'one');
    for (let at = 0; at < block.length; at += 1) {
      const other = Buffer.from(block);
      other[at] = (other[at] ?? 0) ^ 1;
      expect(await sealed.unpack(other, 'one', BYTES.length)).toBeUndefined();
    }
  });
});

test('a name tells nothing and depends on the passphrase', async () => {
  const other = await SealedBlocks.create('another passphrase', SALT);
  expect(sealed.nameOf('order-7')).toMatch(/^[0-9a-f]{64}$/u);
  expect(sealed.nameOf('order-7')).not.toBe(sealed.nameOf('order-8'));
  expect(sealed.nameOf('order-7')).not.toBe(other.nameOf('order-7'));
});
