import { readable } from './readable.js';

/** Untrusted text as one word of a POSIX shell, for a command that people copy. */
export function shellWord(text: string): string {
  const safe = readable(text);
  return /^[\w.:/@%+=-]+$/u.test(safe) && !safe.startsWith('-')
    ? safe
    : `'${safe.replaceAll("'", "'\\''")}'`;
}
