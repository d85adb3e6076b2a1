import type { Cause } from '../model/cause.js';

/** "command added" for `command-added`. */
export function causeWords(cause: Cause): string {
  return cause === 'unknown' ? 'not known from the recording' : cause.replaceAll('-', ' ');
}
