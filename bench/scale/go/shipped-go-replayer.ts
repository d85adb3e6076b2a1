import { join } from 'node:path';
import { replayEnvironment } from '../../../src/replay/environment.js';
import type { StartMessage } from '../../../src/replay/protocol.js';
import type { ReplayerCommand } from '../../../src/replay/replayer-process.js';
import { projectRoot } from '../../../testing/project-root.js';

/**
 * How the gate starts the replayer for Go, as it is shipped, in the example application.
 *
 * @param scratch folder in which the compiled replayer is kept
 */
export function shippedGoReplayer(
  folder: string,
  scratch: string,
): { readonly command: ReplayerCommand; readonly message: StartMessage } {
  return {
    command: {
      file: process.execPath,
      args: [join(projectRoot, 'dist', 'replayers', 'go', 'index.js'), '--channel=3'],
      cwd: folder,
      environment: replayEnvironment(process.env, 'go'),
    },
    message: {
      type: 'start',
      protocol: 1,
      workflows: './orders#Register',
      options: { scratch, accelerate: true },
      namespace: 'default',
    },
  };
}
