import { randomBytes } from 'node:crypto';
import { MAX_BLOCK_BYTES, SALT_BYTES, SealedBlocks } from './blocks.js';

/** The first bytes of such a file, with the version of its form. */
const MAGIC = Buffer.from('TRHS\u0001', 'latin1');

const IDENTITY = 'history file';

/** Files that are sealed under one passphrase. The key is made once, because that takes a while. */
export class FileSeal {
  private readonly salt: Buffer;
  private readonly blocks: SealedBlocks;

  private constructor(salt: Buffer, blocks: SealedBlocks) {
    this.salt = salt;
    this.blocks = blocks;
  }

  static async create(passphrase: string): Promise<FileSeal> {
    const salt = randomBytes(SALT_BYTES);
    return new FileSeal(salt, await SealedBlocks.create(passphrase, salt));
  }

  async seal(content: Uint8Array): Promise<Buffer> {
    return Buffer.concat([MAGIC, this.salt, await this.blocks.pack(content, IDENTITY)]);
  }
}

export function isSealedFile(bytes: Buffer): boolean {
  return bytes.subarray(0, MAGIC.length).equals(MAGIC);
}

/** Opens files that `FileSeal` has made. */
export class FileOpener {
  private readonly passphrase: string;
  private readonly keys = new Map<string, Promise<SealedBlocks>>();

  constructor(passphrase: string) {
    this.passphrase = passphrase;
  }

  /** Undefined where the passphrase is another one, or the file was changed. */
  async open(file: Buffer): Promise<Buffer | undefined> {
    const from = MAGIC.length + SALT_BYTES;
    const salt = file.subarray(MAGIC.length, from);
    if (salt.length < SALT_BYTES) return undefined;
    const name = salt.toString('hex');
    const known = this.keys.get(name) ?? SealedBlocks.create(this.passphrase, salt);
    this.keys.set(name, known);
    const block = file.subarray(from);
    return (await known).unpack(block, IDENTITY, MAX_BLOCK_BYTES).catch(() => undefined);
  }
}
