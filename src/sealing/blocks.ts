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

/** With these parameters scrypt takes 32 MiB and about 0.1 s for each guess at a passphrase. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export const SALT_BYTES = 16;

/** The most bytes of a decompressed block: more than the largest history that a server keeps. */
export const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/** Turns bytes into blocks of a file, and back. */
export interface Blocks {
  /** @param identity what the block is: it opens only under the same identity */
  pack(bytes: Uint8Array, identity: string): Promise<Buffer>;
  /**
   * Undefined where the block was changed, or was sealed with another passphrase or for another identity.
   *
   * @param most bytes of the result. Rejects where it would be longer, or where this is no block.
   */
  unpack(block: Buffer, identity: string, most: number): Promise<Buffer | undefined>;
}

/** Compressed, and readable for everybody. */
export const PLAIN_BLOCKS: Blocks = {
  pack: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        // Nearly as small as with the highest quality, in a fiftieth of the time.
        [constants.BROTLI_PARAM_QUALITY]: 5,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  unpack: (block, _, most) =>
    promisify(brotliDecompress)(block, { maxOutputLength: Math.max(most, 1) }),
};

/**
 * Compressed, then sealed with AES-256-GCM: a nonce, the sealed bytes, a tag. Without the passphrase nobody can
 * read a block, write a block that opens, or swap two blocks.
 */
export class SealedBlocks implements Blocks {
  private readonly contents: Buffer;
  private readonly names: Buffer;

  private constructor(key: Buffer) {
    this.contents = derived(key, 'contents');
    this.names = derived(key, 'names');
  }

  /** @param salt random for each file or folder */
  static async create(passphrase: string, salt: Buffer): Promise<SealedBlocks> {
    return new SealedBlocks(await keyFromPassphrase(passphrase, salt));
  }

  /** 64 hexadecimal digits that tell nothing about the identity. */
  nameOf(identity: string): string {
    return createHmac('sha256', this.names).update(identity).digest('hex');
  }

  async pack(bytes: Uint8Array, identity: string): Promise<Buffer> {
    const compressed = await PLAIN_BLOCKS.pack(bytes, identity);
    // Random, because several runs write under one key and do not know each other. Safe for 2^32 blocks.
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

/** Normalises the passphrase: the same characters can be typed as different code points. */
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
