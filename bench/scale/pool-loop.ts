import { readFileSync } from 'node:fs';
import { replayHistories } from '../../src/replay/replay-histories.js';
import type { ReplayerPool } from '../../src/replay/replayer-pool.js';
import { endAllReplayers } from '../../src/replay/replayer-process.js';
import { preparedReads } from '../shipped-replayer.js';
import { cpuMsOfChildren } from './processor-time.js';
import type { HistoryAtHand } from './recorded-histories.js';
import { languageOf } from '../../src/temporal/sdk-languages.js';

/**
 * Replays the histories of a file with the gate's own pool, and ends it. Prints one line of JSON: what came out,
 * and what it took from the ready replayer on. The processor time is that of the parent and of every replay
 * process.
 *
 * @param file histories at hand, one a line
 */
export async function tellPoolLoop(pool: ReplayerPool, file: string): Promise<void> {
  const atHand = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { history, ...execution } = JSON.parse(line) as HistoryAtHand;
      return { execution: { ...execution, buildIds: [] }, history: Buffer.from(history, 'base64') };
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
    { historyTimeoutMs: 60_000, stop: new AbortController().signal, language, languageOf },
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
}
