import { readInOrder } from '../../src/gate/fetch-stage.js';
import { readSettings } from '../../src/inputs/read-settings.js';
import { isBreak } from '../../src/model/outcome.js';
import { historyParts } from '../../src/machine/gate-parts.js';
import { replayHistories } from '../../src/replay/replay-histories.js';
import { endAllReplayers } from '../../src/replay/replayer-process.js';
import { planReplays } from '../../src/selection/plan-replays.js';
import { poolOverBundle } from '../shipped-replayer.js';
import { languageOf } from '../../src/temporal/sdk-languages.js';

/**
 * The gate's own way from the listing to the first divergence, with the replayer as it is shipped, as a program
 * of its own in the application's folder: the stages of src/gate/gate.ts without the verdict, which would wait for all
 * the rest.
 *
 * tsx gate-first-divergence.ts WORKFLOWS BUNDLE ADDRESS QUERY SEED CONCURRENCY
 *
 * Prints what reference-first-divergence.mjs prints, from the moment on at which its first process is ready.
 */
const [workflows = '', bundle = '', address = '', query = '', seed = '', concurrency = ''] =
  process.argv.slice(2);
const inputs: Readonly<Record<string, string>> = {
  ...{ address, query, versioning: 'none', 'build-id': 'v1.0' },
  ...{ 'max-reads': '10000', 'max-histories': '1000' },
};
const settings = readSettings({
  read: (name) => inputs[name],
  variables: {},
  workspace: process.cwd(),
  now: new Date(),
});
const found = new AbortController();
const parts = historyParts(settings, new AbortController().signal);
const { pool, removeScratch } = poolOverBundle(workflows, bundle, Number(concurrency));
const { language } = await pool.ready();

const began = performance.now();
const claim = { kind: 'claimed', buildId: 'v1.0', from: 'build-id' } as const;
const resolved = await parts.resolveTarget(claim);
if (resolved.kind !== 'found') throw new Error(resolved.explanation);
const { executions } = await parts.listExecutions(resolved.target);
const plan = planReplays(executions, { ...settings.budget, seed: Number(seed) });
pool.setWork(plan.maxReplays);
let replays = 0;
let seconds: number | undefined;
let reads: number | undefined;
await replayHistories(
  readInOrder(plan, parts, found.signal),
  pool,
  { historyTimeoutMs: 60_000, stop: found.signal, language, languageOf },
  ({ outcome }) => {
    if (seconds !== undefined) return;
    replays += 1;
    if (!isBreak(outcome)) return;
    seconds = (performance.now() - began) / 1000;
    reads = parts.effort()?.histories;
    found.abort();
  },
);
seconds ??= (performance.now() - began) / 1000;
console.log(`\n${JSON.stringify({ seconds, replays, reads, isFound: found.signal.aborted })}`);
pool.close();
await endAllReplayers();
await parts.close();
removeScratch();
process.exit(0);
