import type { AdviceParts } from '../gate/advise.js';
import { UserError } from '../model/user-error.js';
import { judgeVersions } from '../retirement/judge-versions.js';
import { nodeParts, type NodePartsOptions } from './gate-parts.js';
import { serverOnce } from './server-once.js';

/** What advice needs, on a real machine. */
export function adviceParts(options: NodePartsOptions): AdviceParts {
  const { settings, cancelled } = options;
  const parts = nodeParts(options);
  const server = serverOnce(settings, cancelled);
  return {
    ...parts,
    findVersions: async () => {
      const { source } = settings;
      if (source.kind !== 'server') {
        throw new UserError({
          found: 'History files tell nothing of versions',
          expected: 'a server',
          fix: 'remove advice, or histories',
        });
      }
      return judgeVersions(await (await server.get()).readVersions(source), source);
    },
    resolveVersion: async (version) => (await server.get()).resolveVersion(version),
    close: async () => {
      await parts.close();
      await server.close();
    },
  };
}
