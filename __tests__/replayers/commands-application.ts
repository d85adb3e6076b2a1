import { join } from 'node:path';
import { projectRoot } from '../../testing/project-root.js';
import { makeWorkspace, type Workspace } from '../../testing/workspace.js';

/** A checkout of the application whose workflows issue every kind of command, with some files replaced. */
export function commandsWorkspace(
  files: Readonly<Record<string, string>> = {},
  nodeModules = join(projectRoot, 'node_modules'),
): Promise<Workspace> {
  return makeWorkspace({
    from: join(projectRoot, '__tests__', 'fixtures', 'applications', 'commands'),
    files,
    nodeModules,
  });
}
