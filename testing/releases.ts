import { describe } from '@jest/globals';
import { skipUnless } from './skip-unless.js';
import { findTemporalServer } from './temporal-binary.js';
import { startDevServer, startServer } from './temporal-server.js';
import { inTier, reaches } from './tiers.js';

/** The releases of the server that tests run on, oldest first. Every test of a server has the first. */
export const SERVERS = {
  'the dev server 1.29': startDevServer,
  'the server 1.32': startServer,
} as const;
export type ServerName = keyof typeof SERVERS;

const OLDER: ServerName = 'the dev server 1.29';
const NEWER: ServerName = 'the server 1.32';

const newer = reaches('middle') ? await findTemporalServer() : undefined;

/** Those that this run has. */
export const serversOfRun: readonly ServerName[] = newer?.available ? [OLDER, NEWER] : [OLDER];

/** Describes something on each release, the newer one from the middle tier on. `%s` in the title stands for it. */
export function describeOnServers(title: string, body: (name: ServerName) => void): void {
  const on = (name: ServerName): [string, () => void] => [
    title.replace('%s', name),
    () => body(name),
  ];
  describe(...on(OLDER));
  if (newer === undefined) inTier('middle', on(NEWER)[0], () => undefined);
  else skipUnless(newer).describe(...on(NEWER));
}
