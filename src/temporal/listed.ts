import { readable } from '../untrusted/readable.js';

/** The most names that a message lists. */
export const MAX_SHOWN = 20;

/** Names as a message shows them. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, MAX_SHOWN).map(readable).join(', ');
  return names.length > MAX_SHOWN ? `${shown} and ${names.length - MAX_SHOWN} more` : shown;
}
