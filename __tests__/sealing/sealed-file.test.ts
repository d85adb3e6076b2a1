import { expect, test } from '@jest/globals';
import { FileOpener, FileSeal, isSealedFile } from '../../src/sealing/sealed-file.js';

const PASSPHRASE = 'the passphrase of a test';

test('a sealed file opens with its passphrase alone, and not when a byte has changed', async () => {
  const seal = await FileSeal.create(PASSPHRASE);
  const file = await seal.seal(Buffer.from('{"events":[]}'));
  expect(isSealedFile(file)).toBe(true);
  expect(isSealedFile(Buffer.from('{"events":[]}'))).toBe(false);
  expect(file.toString('latin1')).not.toContain('events');
  const opener = new FileOpener(PASSPHRASE);
  expect((await opener.open(file))?.toString()).toBe('{"events":[]}');
  expect(await new FileOpener('another passphrase here').open(file)).toBeUndefined();
  for (const at of [6, 22, file.length - 1]) {
    const changed = Buffer.from(file);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(await opener.open(changed)).toBeUndefined();
  }
  expect(await opener.open(file.subarray(0, 10))).toBeUndefined();
});
