import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayHistories } from '../../src/replay/replay-histories.js';
import { endAllReplayers } from '../../src/replay/replayer-process.js';
import { preparedReads, shippedPool } from '../shipped-replayer.js';
import { cpuMsOfChildren } from './processor-time.js';
import type { HistoryAtHand } from './recorded-histories.js';

/**
 * The gate's own pool over histories at hand, with the replayer as it is shipped, as a program of its own in
 * the application's folder.
 *
 * tsx gate-loop.ts CONCURRENCY WORKFLOWS BUNDLE HISTORIES
 *
 * Prints what reference.mjs prints. The processor time is that of the parent and of every replay process.
 */
const [concurrency = '', workflows = '', bundle = '', file = ''] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8').trim().split('\n');
const atHand = lines.map((line) => {
  const { history, ...execution } = JSON.parse(line) as HistoryAtHand;
  return { execution: { ...execution, buildIds: [] }, history: Buffer.from(history, 'base64') };
});

const scratch = mkdtempSync(join(tmpdir(), 'bench-scale-'));
copyFileSync(bundle, join(scratch, 'workflows.js'));
const stop = new AbortController();
const pool = shippedPool({
  folder: process.cwd(),
  workflows,
  scratch,
  concurrency: Number(concurrency),
  signal: stop.signal,
});
const { language } = await pool.ready();
pool.setWork(atHand.length);

const began = performance.now();
const cpuBefore = process.cpuUsage();
const childrenBefore = cpuMsOfChildren();
let passed = 0;
let replayed = 0;
await replayHistories(
  preparedReads(atHand),
  pool,
  { historyTimeoutMs: 60_000, stop: stop.signal, language },
  ({ outcome }) => {
    replayed += 1;
    if (outcome.kind === 'passed') passed += 1;
  },
);
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const parentMs = (user + system) / 1000;
const childrenMs = cpuMsOfChildren() - childrenBefore;
console.log(
  `\n${JSON.stringify({ replayed, passed, seconds, cpuMs: parentMs + childrenMs, parentMs })}`,
);
pool.close();
await endAllReplayers();
rmSync(scratch, { recursive: true, force: true });
process.exit(0);
