import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import {
  MAX_BLOCK_BYTES,
  PLAIN_BLOCKS,
  SALT_BYTES,
  SealedBlocks,
  type Blocks,
} from '../sealing/blocks.js';
import {
  CONTAINER_VERSION,
  damaged,
  decodeHeader,
  DIGEST_BYTES,
  DIGEST_OFFSET,
  encodeHeader,
  HEADER_BYTES,
  unusable,
  type BlockLength,
  type ContainerHeader,
} from './container-header.js';

/** Bytes of the manifest when it is decompressed: about a million executions. */
const MAX_MANIFEST_BYTES = 512 * 1024 * 1024;

/** Bytes that are read at a time to compute the digest. */
const CHUNK_BYTES = 1024 * 1024;

/** A block's number is its identity, so that no block can take another's place. */
const identityOf = (block: number | 'manifest'): string =>
  JSON.stringify(['container', CONTAINER_VERSION, block]);

/**
 * Writes a container block by block, so that the content is never in memory as a whole. The file gets its
 * name only when it is whole.
 */
export class ContainerWriter {
  private readonly path: string;
  private readonly file: FileHandle;
  private readonly blocks: Blocks;
  private readonly header: Pick<ContainerHeader, 'protection' | 'salt'>;
  private position = HEADER_BYTES;
  private count = 0;

  private constructor(
    path: string,
    file: FileHandle,
    blocks: Blocks,
    header: Pick<ContainerHeader, 'protection' | 'salt'>,
  ) {
    this.path = path;
    this.file = file;
    this.blocks = blocks;
    this.header = header;
  }

  /** @param passphrase undefined: the container is not encrypted */
  static async create(path: string, passphrase: string | undefined): Promise<ContainerWriter> {
    const header =
      passphrase === undefined
        ? ({ protection: 'none', salt: Buffer.alloc(SALT_BYTES) } as const)
        : ({ protection: 'aes-256-gcm', salt: randomBytes(SALT_BYTES) } as const);
    const blocks =
      passphrase === undefined ? PLAIN_BLOCKS : await SealedBlocks.create(passphrase, header.salt);
    // The file holds production data: nobody else on the machine needs to read it.
    const file = await open(partial(path), 'w+', 0o600);
    return new ContainerWriter(path, file, blocks, header);
  }

  /** Blocks are numbered from 0 in the order in which they are added. */
  async add(bytes: Uint8Array): Promise<BlockLength> {
    const length = await this.write(bytes, this.count);
    this.count += 1;
    return length;
  }

  /** @returns the digest of the whole file, in hexadecimal */
  async finish(manifest: Uint8Array): Promise<string> {
    const length = await this.write(manifest, 'manifest');
    const header = {
      ...this.header,
      manifest: length,
      fileLength: this.position,
      digest: Buffer.alloc(DIGEST_BYTES),
    };
    await writeWhole(this.file, encodeHeader(header), 0);
    const digest = await digestOf(this.file, this.position);
    await writeWhole(this.file, digest, DIGEST_OFFSET);
    await this.file.sync();
    await this.file.close();
    await rename(partial(this.path), this.path);
    return digest.toString('hex');
  }

  /** Leaves no file behind. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await rm(partial(this.path), { force: true });
  }

  private async write(bytes: Uint8Array, block: number | 'manifest'): Promise<BlockLength> {
    const packed = await this.blocks.pack(bytes, identityOf(block));
    await writeWhole(this.file, packed, this.position);
    this.position += packed.length;
    return { stored: packed.length, raw: bytes.length };
  }
}

/** A container that is whole: opening it has looked at every byte. */
export class ContainerFile {
  /** Of the whole file, in hexadecimal. */
  readonly digest: string;
  private readonly file: FileHandle;
  private readonly header: ContainerHeader;
  private readonly blocks: Blocks;

  private constructor(file: FileHandle, header: ContainerHeader, blocks: Blocks) {
    this.file = file;
    this.header = header;
    this.blocks = blocks;
    this.digest = header.digest.toString('hex');
  }

  /**
   * @param digest the fetch job's output; undefined where it is not known
   * @throws UserError for anything but a whole container that the passphrase opens
   */
  static async open(
    path: string,
    { passphrase, digest }: { readonly passphrase?: string | undefined; readonly digest?: string },
  ): Promise<ContainerFile> {
    const file = await openForReading(path);
    try {
      const { size } = await file.stat();
      const header = decodeHeader(await readUpTo(file, HEADER_BYTES, 0), size);
      if (!timingSafeEqual(await digestOf(file, size), header.digest)) throw damaged();
      if (digest !== undefined && header.digest.toString('hex') !== digest) {
        throw unusable(
          'it is not the container that the fetch job wrote: its digest differs',
          "pass on this run's artifact, and its digest as an output of the fetch job",
        );
      }
      return new ContainerFile(file, header, await blocksOf(header, passphrase));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async readManifest(): Promise<Buffer> {
    const { manifest, fileLength } = this.header;
    return this.read(fileLength - manifest.stored, manifest, 'manifest', MAX_MANIFEST_BYTES);
  }

  /** Bytes of the file that blocks take up. */
  get blockBytes(): number {
    return this.header.fileLength - this.header.manifest.stored - HEADER_BYTES;
  }

  /** @param offset from the first block on */
  async readBlock(offset: number, length: BlockLength, number: number): Promise<Buffer> {
    return this.read(HEADER_BYTES + offset, length, number, MAX_BLOCK_BYTES);
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async read(
    position: number,
    { stored, raw }: BlockLength,
    block: number | 'manifest',
    most: number,
  ): Promise<Buffer> {
    if (raw > most || position + stored > this.header.fileLength) throw damaged();
    const packed = await readUpTo(this.file, stored, position);
    // Never more than the manifest says, however large the block would become.
    const bytes = await this.blocks.unpack(packed, identityOf(block), raw).catch(() => {
      throw damaged();
    });
    if (bytes === undefined) {
      // The digest was right. So the passphrase is wrong, unless somebody forged the file.
      throw unusable(
        'the passphrase does not open it',
        'give all three jobs the same container-passphrase',
      );
    }
    if (bytes.length !== raw) throw damaged();
    return bytes;
  }
}

async function blocksOf(header: ContainerHeader, passphrase: string | undefined): Promise<Blocks> {
  if (header.protection === 'none') return PLAIN_BLOCKS;
  if (passphrase === undefined) {
    throw unusable(
      'it is encrypted, and there is no passphrase',
      'set container-passphrase to the secret that the fetch job encrypts with',
    );
  }
  return SealedBlocks.create(passphrase, header.salt);
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw unusable(
      `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      'check the path, that the fetch job has succeeded, and that its artifact is downloaded here',
    );
  }
}

/** SHA-256 of the file, with zeros in the digest's own place. */
async function digestOf(file: FileHandle, size: number): Promise<Buffer> {
  const hash = createHash('sha256');
  for (let position = 0; position < size;) {
    const chunk = await readUpTo(file, Math.min(CHUNK_BYTES, size - position), position);
    if (chunk.length === 0) throw damaged();
    if (position === 0) chunk.fill(0, DIGEST_OFFSET, HEADER_BYTES);
    hash.update(chunk);
    position += chunk.length;
  }
  return hash.digest();
}

async function readUpTo(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}

async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(
      bytes,
      written,
      bytes.length - written,
      position + written,
    );
    written += bytesWritten;
  }
}

/** The name of a file that is not whole yet. */
function partial(path: string): string {
  return `${path}.partial`;
}
