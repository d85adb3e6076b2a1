import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyFileSync } from 'node:fs';
import { prepareHistory } from '../../src/history/prepare-history.js';
import { HistoryMessage } from '../../src/history/proto.js';
import type { HistoryRead } from '../../src/model/history.js';
import { replayEnvironment } from '../../src/replay/environment.js';
import { replayHistories } from '../../src/replay/replay-histories.js';
import { ReplayerPool } from '../../src/replay/replayer-pool.js';
import { endAllReplayers } from '../../src/replay/replayer-process.js';
import { projectRoot } from '../../testing/project-root.js';
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
  return { execution: { ...execution, buildIds: [] }, bytes: Buffer.from(history, 'base64') };
});

const scratch = mkdtempSync(join(tmpdir(), 'bench-scale-'));
copyFileSync(bundle, join(scratch, 'workflows.js'));
const stop = new AbortController();
const pool = new ReplayerPool({
  program: Promise.resolve({
    command: {
      file: process.execPath,
      args: [join(projectRoot, 'dist', 'replayers', 'typescript', 'index.js'), '--channel=3'],
      cwd: process.cwd(),
      environment: replayEnvironment(process.env, 'typescript'),
    },
    message: {
      type: 'start',
      protocol: 1,
      workflows,
      options: { scratch, accelerate: true },
      namespace: 'default',
    },
  }),
  concurrency: Number(concurrency),
  signal: stop.signal,
});
const { language } = await pool.ready();
pool.setWork(atHand.length);

async function* reads(): AsyncGenerator<HistoryRead> {
  for (const { execution, bytes } of atHand) {
    await Promise.resolve();
    const { events } = HistoryMessage.decode(bytes);
    yield { kind: 'read', execution, history: prepareHistory(events) };
  }
}

const began = performance.now();
const cpuBefore = process.cpuUsage();
const childrenBefore = cpuMsOfChildren();
let passed = 0;
let replayed = 0;
await replayHistories(
  reads(),
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
