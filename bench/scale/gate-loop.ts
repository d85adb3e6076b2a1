import { poolOverBundle } from '../shipped-replayer.js';
import { tellPoolLoop } from './pool-loop.js';

/**
 * The gate's own pool over histories at hand, with the replayer as it is shipped, as a program of its own in
 * the application's folder.
 *
 * tsx gate-loop.ts CONCURRENCY WORKFLOWS BUNDLE HISTORIES
 *
 * Prints what reference.mjs prints. The processor time is that of the parent and of every replay process.
 */
const [concurrency = '', workflows = '', bundle = '', file = ''] = process.argv.slice(2);
const { pool, removeScratch } = poolOverBundle(workflows, bundle, Number(concurrency));
await tellPoolLoop(pool, file);
removeScratch();
process.exit(0);
