import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt,
} from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

/** Of scrypt: 32 MiB and about a tenth of a second for each guess at a passphrase. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export const SALT_BYTES = 16;

/** Bytes of one block when it is decompressed: more than the largest history that a server keeps. */
export const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/** How bytes become blocks of a file, and come back. */
export interface Blocks {
  /** @param identity what the block is: it opens as nothing else */
  pack(bytes: Uint8Array, identity: string): Promise<Buffer>;
  /**
   * Undefined where it was sealed with another passphrase, for another identity, or was changed.
   *
   * @param most bytes that it may become. Rejects where it would become more, or is no block.
   */
  unpack(block: Buffer, identity: string, most: number): Promise<Buffer | undefined>;
}

/** Compressed, and for everybody to read. */
export const PLAIN_BLOCKS: Blocks = {
  pack: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        // Nearly as small as the highest, at a fiftieth of its time.
        [constants.BROTLI_PARAM_QUALITY]: 5,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  unpack: (block, _, most) =>
    promisify(brotliDecompress)(block, { maxOutputLength: Math.max(most, 1) }),
};

/**
 * Compressed, then sealed with AES-256-GCM: a nonce, the sealed bytes, a tag. Whoever has a file and not the
 * passphrase can read no block, write none that opens, and put none in the place of another.
 */
export class SealedBlocks implements Blocks {
  private readonly contents: Buffer;
  private readonly names: Buffer;

  private constructor(key: Buffer) {
    this.contents = derived(key, 'contents');
    this.names = derived(key, 'names');
  }

  /** @param salt chosen by chance for each file or folder */
  static async create(passphrase: string, salt: Buffer): Promise<SealedBlocks> {
    return new SealedBlocks(await keyFromPassphrase(passphrase, salt));
  }

  /** 64 hexadecimal digits that tell nothing of the identity. */
  nameOf(identity: string): string {
    return createHmac('sha256', this.names).update(identity).digest('hex');
  }

  async pack(bytes: Uint8Array, identity: string): Promise<Buffer> {
    const compressed = await PLAIN_BLOCKS.pack(bytes, identity);
    // By chance: runs that know nothing of each other write under one key. 2^32 blocks may be.
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.contents, nonce);
    cipher.setAAD(Buffer.from(identity));
    const sealed = [cipher.update(compressed), cipher.final()];
    return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]);
  }

  async unpack(block: Buffer, identity: string, most: number): Promise<Buffer | undefined> {
    const compressed = this.open(block, identity);
    return compressed && PLAIN_BLOCKS.unpack(compressed, identity, most);
  }

  private open(block: Buffer, identity: string): Buffer | undefined {
    if (block.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = block.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, this.contents, nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(identity));
    decipher.setAuthTag(block.subarray(-TAG_BYTES));
    try {
      const sealed = block.subarray(NONCE_BYTES, -TAG_BYTES);
      return Buffer.concat([decipher.update(sealed), decipher.final()]);
    } catch {
      return undefined;
    }
  }
}

/** A passphrase is the same however its characters were typed. */
function keyFromPassphrase(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES, SCRYPT, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function derived(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, KEY_BYTES));
}
