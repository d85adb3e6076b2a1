import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shippedPool } from '../shipped-replayer.js';
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
const scratch = mkdtempSync(join(tmpdir(), 'bench-scale-'));
copyFileSync(bundle, join(scratch, 'workflows.js'));
const pool = shippedPool({
  folder: process.cwd(),
  workflows,
  scratch,
  concurrency: Number(concurrency),
  signal: new AbortController().signal,
});
await tellPoolLoop(pool, file);
rmSync(scratch, { recursive: true, force: true });
process.exit(0);
