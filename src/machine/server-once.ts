import type { HistoryServer } from '../engine/engine.js';
import type { Settings } from '../model/settings.js';
import { once } from '../pipeline/once.js';
import { ENGINES } from './engines.js';

/** A connection that is made when it is first asked for. */
export function serverOnce(
  { source, budget, engine }: Pick<Settings, 'source' | 'budget' | 'engine'>,
  signal: AbortSignal,
): { get(): Promise<HistoryServer>; close(): Promise<void> } {
  let isAsked = false;
  const get = once(() => {
    if (source.kind !== 'server') throw new Error('files have no server');
    isAsked = true;
    const { maxRequestsPerSecond } = budget;
    return ENGINES[engine].connect(source, { maxRequestsPerSecond, signal });
  });
  return {
    get,
    close: async () => {
      if (!isAsked) return;
      await get().then(
        (server) => server.close(),
        () => undefined,
      );
    },
  };
}
