import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replayEnvironment } from '../../../src/replay/environment.js';
import { replayHistories } from '../../../src/replay/replay-histories.js';
import { endAllReplayers } from '../../../src/replay/replayer-process.js';
import { ReplayerPool } from '../../../src/replay/replayer-pool.js';
import { projectRoot } from '../../../testing/project-root.js';
import { preparedReads } from '../../shipped-replayer.js';
import { cpuMsOfChildren } from '../processor-time.js';
import type { HistoryAtHand } from '../recorded-histories.js';

/**
 * The gate's own pool over histories at hand, with the replayer for Python as it is shipped, as a program of
 * its own in the application's folder.
 *
 * tsx gate-loop.ts PYTHON CONCURRENCY HISTORIES FOLDER accelerated|plain
 *
 * Prints what reference.py prints. The processor time is that of the parent and of every replay process.
 */
const [python = '', concurrency = '', file = '', scratch = '', how = ''] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8').trim().split('\n');
const atHand = lines.map((line) => {
  const { history, ...execution } = JSON.parse(line) as HistoryAtHand;
  return { execution: { ...execution, buildIds: [] }, history: Buffer.from(history, 'base64') };
});

const stop = new AbortController();
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
process.exit(0);
