/**
 * The reference from end to end, as a program of its own in the application's folder: a bundle, then every
 * execution that a query lists, newest first, read ahead as the client does and replayed one after the other.
 *
 * node reference-end-to-end.mjs WORKFLOWS ADDRESS QUERY
 *
 * Prints one line of JSON: how many passed.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [workflowsPath, address, query] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const { Client, Connection } = require('@temporalio/client');
const { Worker } = require('@temporalio/worker');

const connection = await Connection.connect({ address });
const client = new Client({ connection });
let passed = 0;
const histories = client.workflow.list({ query }).intoHistories();
for await (const { error } of Worker.runReplayHistories({ workflowsPath }, histories)) {
  if (error === undefined) passed += 1;
}
console.log(`\n${JSON.stringify({ passed })}`);
process.exit(0);
