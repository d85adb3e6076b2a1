import { readFileSync } from 'node:fs';
import { replayHistories } from '../../../src/replay/replay-histories.js';
import { endAllReplayers } from '../../../src/replay/replayer-process.js';
import { ReplayerPool } from '../../../src/replay/replayer-pool.js';
import { preparedReads } from '../../shipped-replayer.js';
import { cpuMsOfChildren } from '../processor-time.js';
import type { HistoryAtHand } from '../recorded-histories.js';
import { shippedGoReplayer } from './shipped-go-replayer.js';

/**
 * The gate's own pool over histories at hand, with the replayer for Go as it is shipped.
 *
 * tsx gate-loop.ts APPLICATION SCRATCH HISTORIES CONCURRENCY
 *
 * Prints what the reference prints. The processor time is that of the parent and of every replay process.
 */
const [application = '', scratch = '', file = '', concurrency = ''] = process.argv.slice(2);
const atHand = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const { history, ...execution } = JSON.parse(line) as HistoryAtHand;
    return { execution: { ...execution, buildIds: [] }, history: Buffer.from(history, 'base64') };
  });

const stop = new AbortController();
const pool = new ReplayerPool({
  program: Promise.resolve(shippedGoReplayer(application, scratch)),
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
const cpuMs = parentMs + cpuMsOfChildren() - childrenBefore;
console.log(`\n${JSON.stringify({ replayed, passed, seconds, cpuMs, parentMs })}`);
pool.close();
await endAllReplayers();
process.exit(0);
