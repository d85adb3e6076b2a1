import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerFile, ContainerWriter } from '../../src/container/container-file.js';
import {
  DIGEST_BYTES,
  DIGEST_OFFSET,
  type BlockLength,
} from '../../src/container/container-header.js';
import { FetchedHistories } from '../../src/container/fetched-histories.js';
import { decodeResult } from '../../src/container/result-file.js';
import { connectionSettings } from '../../src/inputs/connection-settings.js';
import { parseInputs } from '../../src/inputs/raw-inputs.js';
import { UserError } from '../../src/model/user-error.js';
import { figure } from '../../testing/notes.js';
import { Random } from '../../testing/random.js';
import { share } from '../../testing/tiers.js';
import { firstSeed, repeatWords } from '../../testing/seeds.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { hostileText } from '../untrusted/hostile-text.js';
import { mutateBytes } from './mutate-history.js';

/** Files that others wrote or changed: whole, or refused with a reason; never a crash, never a part. */

const seed = firstSeed();
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder('fuzzed-files');
});
afterAll(() => removeFolder(folder));

/** Runs it, and lets only what a user can understand be thrown. */
async function refusal(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.found;
    throw error;
  }
}

const CONTAINERS = share({ fast: 100, middle: 300, trust: 20_000 });
const BLOCKS = [Buffer.from('the first history'), Buffer.alloc(70_000, 'a long one ')];
const MANIFEST = Buffer.from('{"version":1,"checks":[]}');

test('a container that was changed is refused, also where its digest was made to fit', async () => {
  const path = join(folder, 'container.trc');
  const writer = await ContainerWriter.create(path, undefined);
  const lengths: BlockLength[] = [];
  for (const block of BLOCKS) lengths.push(await writer.add(block));
  await writer.finish(MANIFEST);
  const original = readFileSync(path);
  const changed = join(folder, 'changed.trc');
  let refused = 0;
  for (let each = seed; each < seed + CONTAINERS; each += 1) {
    const random = new Random(each);
    const bytes = mutateBytes(original, random);
    const isForged = random.chance(0.5) && bytes.length >= DIGEST_OFFSET + DIGEST_BYTES;
    if (isForged) {
      bytes.fill(0, DIGEST_OFFSET, DIGEST_OFFSET + DIGEST_BYTES);
      createHash('sha256').update(bytes).digest().copy(bytes, DIGEST_OFFSET);
    }
    if (bytes.equals(original)) continue;
    writeFileSync(changed, bytes);
    const why = await refusal(async () => {
      const container = await ContainerFile.open(changed, {});
      try {
        await container.readManifest();
        let offset = 0;
        for (const [index, length] of lengths.entries()) {
          await container.readBlock(offset, length, index);
          offset += length.stored;
        }
      } finally {
        await container.close();
      }
    });
    if (why !== undefined) refused += 1;
    // Who forges the digest can write a container of his own: whoever reads it takes it for hostile.
    if (!isForged) expect([each, why]).toEqual([each, expect.stringContaining('cannot be used')]);
    const opened = await refusal(async () => (await FetchedHistories.open(changed, {})).close());
    if (!isForged) expect(opened).toBeDefined();
  }
  figure(
    'fuzzing: containers',
    `${CONTAINERS} changed ones, half of them with a digest that fits, ${refused} refused, ${repeatWords(seed)}; 0 breaches`,
  );
});

test('a result file that is none is told by a sentence', async () => {
  let taken = 0;
  for (let each = seed; each < seed + CONTAINERS; each += 1) {
    const random = new Random(each);
    const bytes = mutateBytes(Buffer.from('{"version":1,"container":"00","checks":[]}'), random);
    if (typeof (await decodeResult(bytes)) !== 'string') taken += 1;
  }
  expect(taken).toBe(0);
  figure('fuzzing: result files', `${CONTAINERS} of them, ${repeatWords(seed)}; 0 breaches`);
});

const TOMLS = share({ fast: 500, middle: 1_000, trust: 20_000 });

const key = fc.oneof(
  fc.constantFrom(
    'address',
    'namespace',
    'api_key',
    'tls',
    'grpc_meta',
    'codec',
    'client_cert_data',
  ),
  fc.constantFrom(
    'disabled',
    'server_name',
    'client_cert_path',
    '"quoted key"',
    '__proto__',
    'a.b',
  ),
);
const value = fc.oneof(
  fc.constantFrom(
    '"localhost:7233"',
    '"default"',
    'true',
    '7',
    '[]',
    '{}',
    "'x'",
    '"""\nx\n"""',
    'nan',
  ),
  fc.constantFrom('1979-05-27', '"\\u0000"', '"\\n"', '{ a = 1 }', '[1, "x"]', '-0x1', '', '"'),
  hostileText.map((text) => JSON.stringify(text)),
  hostileText,
);
const toml = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[profile.default]',
        '[profile.default.tls]',
        '[profile.default.grpc_meta]',
        '[profile]',
      ),
      fc.constantFrom(
        '[[profile]]',
        '[profile.other]',
        '[',
        ']',
        '# comment',
        '\u0000',
        '[profile.__proto__]',
      ),
      fc.tuple(key, value).map(([name, is]) => `${name} = ${is}`),
      hostileText,
    ),
    { maxLength: 12 },
  )
  .map((lines) => lines.join('\n'));

test('a temporal.toml that is none is refused, and shows nothing of itself', async () => {
  const path = join(folder, 'temporal.toml');
  let refused = 0;
  const secret = 'canary-5f0c1d2e';
  await fc.assert(
    fc.asyncProperty(toml, fc.boolean(), async (text, isSecret) => {
      const whole = isSecret
        ? `[profile.default]\nserver = "s"\napi_key = "${secret}"\n${text}`
        : text;
      writeFileSync(path, whole);
      const why = await refusal(() => {
        const { address } = connectionSettings(
          parseInputs(() => undefined),
          {
            variables: { TEMPORAL_CONFIG_FILE: path, HOME: folder },
            workspace: '/nowhere',
            now: new Date(),
          },
        );
        expect(typeof address).toBe('string');
      });
      if (why === undefined) return;
      refused += 1;
      expect(why).not.toContain(secret);
      expect(why).toMatch(/^[^\n]*$/u);
    }),
    { numRuns: TOMLS, seed },
  );
  figure(
    'fuzzing: temporal.toml',
    `${TOMLS} files, ${refused} refused, ${repeatWords(seed)}; 0 breaches`,
  );
});
