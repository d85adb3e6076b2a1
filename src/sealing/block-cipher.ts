import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';

/** Of scrypt: 32 MiB and about a tenth of a second for each guess at a passphrase. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** Encrypts the blocks of one container. */
export interface BlockCipher {
  seal(block: Buffer, number: number): Buffer;
  /** Undefined where the passphrase is another, or the block was changed. */
  open(sealed: Buffer, number: number): Buffer | undefined;
}

/** The manifest's number: no block of a history comes so far. */
export const MANIFEST_NUMBER = 2 ** 48 - 1;

/** For containers that are not encrypted. */
export const NO_CIPHER: BlockCipher = {
  seal: (block) => block,
  open: (sealed) => sealed,
};

/**
 * AES-256-GCM under a key of the container's own: its salt is random, so a block's number can be its
 * nonce. The number is what keeps blocks from changing places.
 *
 * @param boundTo what every block is bound to besides
 */
export async function blockCipher(
  passphrase: string,
  salt: Buffer,
  boundTo: Buffer,
): Promise<BlockCipher> {
  const key = await keyFromPassphrase(passphrase, salt);
  return {
    seal: (block, number) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number));
      cipher.setAAD(boundTo);
      return Buffer.concat([cipher.update(block), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, number) => {
      if (sealed.length < TAG_BYTES) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(boundTo);
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

export function keyFromPassphrase(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES, SCRYPT, (error, derived) =>
      error === null ? resolve(derived) : reject(error),
    );
  });
}

function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUIntBE(number, NONCE_BYTES - 6, 6);
  return nonce;
}
