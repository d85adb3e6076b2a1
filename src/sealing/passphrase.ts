import { UserError } from '../model/user-error.js';

/** A shorter passphrase is guessed: whoever has the file can try as long as they like. */
const SHORTEST = 16;

/**
 * @param input where it was given
 * @throws UserError
 */
export function longEnough(passphrase: string, input: string): string {
  if (passphrase.length >= SHORTEST) return passphrase;
  throw new UserError({
    found: `Input ${input} has ${passphrase.length} characters`,
    expected: `${SHORTEST} or more`,
    fix: 'make one by chance, for example with: openssl rand -base64 32',
  });
}
