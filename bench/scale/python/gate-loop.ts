import { join } from 'node:path';
import { replayEnvironment } from '../../../src/replay/environment.js';
import { ReplayerPool } from '../../../src/replay/replayer-pool.js';
import { projectRoot } from '../../../testing/project-root.js';
import { tellPoolLoop } from '../pool-loop.js';

/**
 * The gate's own pool over histories at hand, with the replayer for Python as it is shipped, as a program of
 * its own in the application's folder.
 *
 * tsx gate-loop.ts PYTHON CONCURRENCY HISTORIES FOLDER accelerated|plain
 *
 * Prints what reference.py prints. The processor time is that of the parent and of every replay process.
 */
const [python = '', concurrency = '', file = '', scratch = '', how = ''] = process.argv.slice(2);
const pool = new ReplayerPool({
  program: Promise.resolve({
    command: {
      file: python,
      args: [join(projectRoot, 'dist', 'replayers', 'python', 'replay_gate.py'), '--channel=3'],
      cwd: process.cwd(),
      environment: replayEnvironment(process.env, 'python'),
      threadsTakeTurns: true,
    },
    message: {
      type: 'start',
      protocol: 1,
      options: { scratch, accelerate: how === 'accelerated' },
      namespace: 'default',
    },
  }),
  concurrency: Number(concurrency),
  signal: new AbortController().signal,
});
await tellPoolLoop(pool, file);
process.exit(0);
