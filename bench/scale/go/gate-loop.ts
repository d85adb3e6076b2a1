import { ReplayerPool } from '../../../src/replay/replayer-pool.js';
import { shippedGoReplayer } from './shipped-go-replayer.js';
import { tellPoolLoop } from '../pool-loop.js';

/**
 * The gate's own pool over histories at hand, with the replayer for Go as it is shipped.
 *
 * tsx gate-loop.ts APPLICATION SCRATCH HISTORIES CONCURRENCY
 *
 * Prints what the reference prints. The processor time is that of the parent and of every replay process.
 */
const [application = '', scratch = '', file = '', concurrency = ''] = process.argv.slice(2);
const pool = new ReplayerPool({
  program: Promise.resolve(shippedGoReplayer(application, scratch)),
  concurrency: Number(concurrency),
  signal: new AbortController().signal,
});
await tellPoolLoop(pool, file);
process.exit(0);
