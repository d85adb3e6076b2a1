import { UserError } from '../model/user-error.js';
import { SALT_BYTES } from '../sealing/blocks.js';

/**
 * The first bytes of a container; docs/container.md describes them. Like those of PNG, they hold a byte that is
 * no text, and line ends: a transfer in text mode would change them.
 */
const MAGIC = Buffer.from([0x89, 0x54, 0x52, 0x43, 0x0d, 0x0a, 0x1a, 0x0a]);

export const CONTAINER_VERSION = 2;

export const DIGEST_BYTES = 32;

const PROTECTIONS = ['none', 'aes-256-gcm'] as const;

/** Bytes: magic 8, version 2, protection 1, zero 1, lengths 4 + 4 + 8, salt, digest. */
export const HEADER_BYTES = 28 + SALT_BYTES + DIGEST_BYTES;

/** Where the digest stands; it is computed with zeros in its place. */
export const DIGEST_OFFSET = HEADER_BYTES - DIGEST_BYTES;

export interface ContainerHeader {
  readonly protection: (typeof PROTECTIONS)[number];
  /** Bytes of the manifest in the file, and when it is decompressed. */
  readonly manifest: BlockLength;
  readonly fileLength: number;
  /** Zeros where nothing is encrypted. */
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** Bytes of a block in the file, and when it is decompressed. */
export interface BlockLength {
  readonly stored: number;
  readonly raw: number;
}

export function encodeHeader(header: ContainerHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt16BE(CONTAINER_VERSION, 8);
  bytes.writeUInt8(PROTECTIONS.indexOf(header.protection), 10);
  bytes.writeUInt32BE(header.manifest.stored, 12);
  bytes.writeUInt32BE(header.manifest.raw, 16);
  bytes.writeBigUInt64BE(BigInt(header.fileLength), 20);
  header.salt.copy(bytes, 28);
  header.digest.copy(bytes, DIGEST_OFFSET);
  return bytes;
}

/**
 * @param fileLength bytes that the file really has
 * @throws UserError for a file that is no container, has another version, or is not whole
 */
export function decodeHeader(bytes: Buffer, fileLength: number): ContainerHeader {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, bytes.length))) {
    throw unusable('it is no container', 'give the path of the file that the fetch job wrote');
  }
  if (bytes.length < HEADER_BYTES) throw truncated(fileLength);
  const version = bytes.readUInt16BE(8);
  if (version !== CONTAINER_VERSION) {
    throw unusable(
      `it is of version ${version}, and this action reads version ${CONTAINER_VERSION}`,
      'use the same release of this action in all three jobs',
    );
  }
  const protection = PROTECTIONS[bytes.readUInt8(10)];
  const whole = Number(bytes.readBigUInt64BE(20));
  const manifest = { stored: bytes.readUInt32BE(12), raw: bytes.readUInt32BE(16) };
  if (fileLength < whole) throw truncated(fileLength, whole);
  if (
    protection === undefined ||
    fileLength !== whole ||
    HEADER_BYTES + manifest.stored > fileLength
  ) {
    throw damaged();
  }
  return {
    protection,
    manifest,
    fileLength,
    salt: Buffer.from(bytes.subarray(28, 28 + SALT_BYTES)),
    digest: Buffer.from(bytes.subarray(DIGEST_OFFSET)),
  };
}

function truncated(fileLength: number, whole?: number): UserError {
  return unusable(
    `it is cut off: it has ${fileLength} bytes${whole === undefined ? '' : ` of ${whole}`}`,
    'run the fetch job again, and upload the file only when that job has succeeded',
  );
}

export function damaged(): UserError {
  return unusable(
    'it is damaged: its content does not match its digest',
    'run the fetch job again; nobody may change a container',
  );
}

export function unusable(why: string, fix: string): UserError {
  return new UserError({
    found: `The container cannot be used: ${why}`,
    expected: 'the whole, unchanged file that the fetch job of this run wrote',
    fix,
  });
}
