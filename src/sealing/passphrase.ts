import { UserError } from '../model/user-error.js';

/** A shorter passphrase can be guessed: whoever has the file can try for as long as they like. */
const SHORTEST = 16;

/**
 * @param input the name of the input that holds it
 * @throws UserError
 */
export function longEnough(passphrase: string, input: string): string {
  if (passphrase.length >= SHORTEST) return passphrase;
  throw new UserError({
    found: `Input ${input} has ${passphrase.length} characters`,
    expected: `${SHORTEST} or more`,
    fix: 'make a random one, for example with: openssl rand -base64 32',
  });
}
