import { UserError } from '../model/user-error.js';
import type { Retirement } from '../model/retirement.js';
import type { Settings } from '../model/settings.js';
import { findRetirement } from '../retirement/find-retirement.js';
import { serverOnce } from './server-once.js';

/** Connects to the server, and looks at its versions. @throws UserError where it cannot be asked */
export async function lookAtVersions(
  settings: Pick<Settings, 'source' | 'budget' | 'engine'>,
  signal: AbortSignal,
): Promise<Retirement> {
  const { source } = settings;
  if (source.kind !== 'server') {
    throw new UserError({
      found: 'History files tell nothing about workers',
      fix: 'name a server',
    });
  }
  const server = serverOnce(settings, signal);
  try {
    return await findRetirement(await server.get(), source);
  } finally {
    await server.close();
  }
}
