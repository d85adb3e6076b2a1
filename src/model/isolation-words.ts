import type { Isolation } from './isolation.js';

/** The rung by its name, and what else makes it weaker or stronger. */
export function isolationWords({ rung, sealed, root }: Isolation): string {
  return [
    rung,
    `the parent process is ${sealed ? '' : 'not '}sealed`,
    ...(root ? ["both run as root, which can open the machine's files and sockets"] : []),
  ].join('; ');
}
