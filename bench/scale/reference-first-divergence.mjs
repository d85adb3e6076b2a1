/**
 * The reference's loop until the first divergence, as a program of its own in the application's folder: what a
 * query lists, newest first, read ahead as the client does and replayed one after the other in one process.
 *
 * node reference-first-divergence.mjs BUNDLE ADDRESS QUERY
 *
 * Prints one line of JSON: what it took, from the ready bundle on.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const [codePath, address, query] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const { Client, Connection } = require('@temporalio/client');
const { Worker } = require('@temporalio/worker');

const connection = await Connection.connect({ address });
const client = new Client({ connection });
const began = performance.now();
let replays = 0;
const say = (isFound) => {
  const seconds = (performance.now() - began) / 1000;
  console.log(`\n${JSON.stringify({ seconds, replays, isFound })}`);
  process.exit(0);
};
const histories = client.workflow.list({ query }).intoHistories();
for await (const { error } of Worker.runReplayHistories(
  { workflowBundle: { codePath } },
  histories,
)) {
  replays += 1;
  // Not by leaving the loop: the client would first read all that is left.
  if (error !== undefined) say(true);
}
say(false);
