import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { keyFromPassphrase, TAG_BYTES } from './block-cipher.js';

const MAGIC = Buffer.from('TRHS\x01', 'latin1');
const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/**
 * Seals the entries of a store, and names their files. Whoever has the folder and not the passphrase can read
 * no entry, write none that opens, and put none in the place of another: each is bound to what it is the history
 * of.
 */
export class EntryCipher {
  private readonly contents: Buffer;
  private readonly names: Buffer;

  private constructor(key: Buffer) {
    this.contents = derived(key, 'contents');
    this.names = derived(key, 'names');
  }

  static async create(passphrase: string, salt: Buffer): Promise<EntryCipher> {
    return new EntryCipher(await keyFromPassphrase(passphrase, salt));
  }

  /** 64 hexadecimal digits that tell nothing of the identity. */
  nameOf(identity: string): string {
    return createHmac('sha256', this.names).update(identity).digest('hex');
  }

  seal(content: Buffer, identity: string): Buffer {
    // By chance: entries are written by many runs that know nothing of each other. 2^32 of them may be.
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.contents, nonce);
    cipher.setAAD(boundTo(identity));
    const sealed = [cipher.update(content), cipher.final()];
    return Buffer.concat([MAGIC, nonce, ...sealed, cipher.getAuthTag()]);
  }

  /** Undefined where it was sealed with another passphrase, for another identity, or was changed. */
  open(entry: Buffer, identity: string): Buffer | undefined {
    const start = MAGIC.length + NONCE_BYTES;
    if (entry.length < start + TAG_BYTES) return undefined;
    if (!entry.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const nonce = entry.subarray(MAGIC.length, start);
    const decipher = createDecipheriv('aes-256-gcm', this.contents, nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(boundTo(identity));
    decipher.setAuthTag(entry.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(entry.subarray(start, -TAG_BYTES)), decipher.final()]);
    } catch {
      return undefined;
    }
  }
}

function boundTo(identity: string): Buffer {
  return Buffer.concat([MAGIC, Buffer.from(identity)]);
}

function derived(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, KEY_BYTES));
}
