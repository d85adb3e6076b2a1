/**
 * The reference's loop, as a program of its own in the application's folder: one process, one replay worker,
 * one history after the other. With `each`, a bundle is made for every history instead, as the other public
 * action does.
 *
 * node reference.mjs loop|each WORKFLOWS BUNDLE HISTORIES
 *
 * Prints one line of JSON: what came out, and what it took from the first history on.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const [how, workflowsPath, codePath, file] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const { Worker } = require('@temporalio/worker');
const { temporal } = require('@temporalio/proto');

const lines = readFileSync(file, 'utf8').trim().split('\n');
const atHand = lines.map((line) => {
  const { workflowId, history } = JSON.parse(line);
  return { workflowId, bytes: Buffer.from(history, 'base64') };
});

function* histories() {
  for (const { workflowId, bytes } of atHand) {
    yield { workflowId, history: temporal.api.history.v1.History.decode(bytes) };
  }
}

const began = performance.now();
const cpuBefore = process.cpuUsage();
let passed = 0;
let replayed = 0;
if (how === 'each') {
  for (const { workflowId, history } of histories()) {
    replayed += 1;
    await Worker.runReplayHistory({ workflowsPath }, history, workflowId).then(
      () => (passed += 1),
      () => undefined,
    );
  }
} else {
  const options = { workflowBundle: { codePath } };
  for await (const { error } of Worker.runReplayHistories(options, histories())) {
    replayed += 1;
    if (error === undefined) passed += 1;
  }
}
const { user, system } = process.cpuUsage(cpuBefore);
const seconds = (performance.now() - began) / 1000;
console.log(`\n${JSON.stringify({ replayed, passed, seconds, cpuMs: (user + system) / 1000 })}`);
process.exit(0);
