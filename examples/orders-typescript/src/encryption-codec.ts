import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';

const ENCODING = 'binary/encrypted';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const DEVELOPMENT_KEY = createHash('sha256').update('orders development key').digest();

/**
 * Encrypts whole payloads with AES-256-GCM. The data of an encrypted payload is the
 * initialization vector, the authentication tag and the ciphertext, in this order.
 *
 * Payloads that are not encrypted are decoded as they are: histories from before encryption was
 * switched on hold both kinds.
 */
export class EncryptionCodec implements PayloadCodec {
  private readonly key: Buffer;

  /** @param key 32 bytes */
  constructor(key: Buffer = DEVELOPMENT_KEY) {
    this.key = key;
  }

  /** Takes the key from `ENCRYPTION_KEY` (32 bytes as base64), else a fixed one for development. */
  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): EncryptionCodec {
    const encoded = env['ENCRYPTION_KEY'];
    if (!encoded) return new EncryptionCodec();
    const key = Buffer.from(encoded, 'base64');
    if (key.length !== 32) {
      throw new Error(
        `ENCRYPTION_KEY holds ${key.length} bytes, but AES-256 needs 32: ` +
          'make one with `openssl rand -base64 32`',
      );
    }
    return new EncryptionCodec(key);
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => ({
      metadata: { encoding: Buffer.from(ENCODING) },
      data: this.encrypt(serialize(payload)),
    }));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      isEncrypted(payload) ? deserialize(this.decrypt(Buffer.from(payload.data ?? []))) : payload,
    );
  }

  private encrypt(plaintext: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, iv);
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
  }

  private decrypt(data: Buffer): Buffer {
    const decipher = createDecipheriv(CIPHER, this.key, data.subarray(0, IV_BYTES));
    decipher.setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  }
}

function isEncrypted(payload: Payload): boolean {
  const encoding = payload.metadata?.['encoding'];
  return encoding != null && Buffer.from(encoding).toString() === ENCODING;
}

interface SerializedPayload {
  metadata: Record<string, string>;
  data: string;
}

function serialize(payload: Payload): Buffer {
  const metadata = Object.entries(payload.metadata ?? {}).map(
    ([name, value]) => [name, Buffer.from(value).toString('base64')] as const,
  );
  const serialized: SerializedPayload = {
    metadata: Object.fromEntries(metadata),
    data: Buffer.from(payload.data ?? []).toString('base64'),
  };
  return Buffer.from(JSON.stringify(serialized));
}

function deserialize(plaintext: Buffer): Payload {
  const serialized = JSON.parse(plaintext.toString()) as SerializedPayload;
  const metadata = Object.entries(serialized.metadata).map(
    ([name, value]) => [name, Buffer.from(value, 'base64')] as const,
  );
  return {
    metadata: Object.fromEntries(metadata),
    data: Buffer.from(serialized.data, 'base64'),
  };
}
