/**
 * A whole replayer, as small as one can be: it answers `start` and `replay`, and records nothing. It
 * replays TypeScript workflows, so that it can be compared with the one that this action brings; in
 * another language the same lines call that language's SDK.
 *
 *     language: command
 *     workflows: node replayer.mjs ./src/workflows
 */
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import proto from '@temporalio/proto';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

// Descriptor 3 is the channel to the parent: whatever the code prints goes elsewhere.
const channel = createWriteStream('', { fd: 3 });
const send = (message) => channel.write(`${JSON.stringify(message)}\n`);

const require = createRequire(import.meta.url);
const { History } = proto.temporal.api.history.v1;
const [folder = './src/workflows'] = process.argv.slice(2).filter((word) => !word.startsWith('--'));

Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
let workflowBundle;
let namespace;

async function start(message) {
  if (message.protocol !== 1) {
    return { type: 'fatal', message: `protocol ${message.protocol} is not known`, hint: 'speak 1' };
  }
  namespace = message.namespace;
  try {
    const logger = new DefaultLogger('ERROR', () => undefined);
    workflowBundle = await bundleWorkflowCode({ workflowsPath: resolve(folder), logger });
  } catch (error) {
    return { type: 'fatal', message: String(error), hint: 'the code must compile' };
  }
  return {
    type: 'ready',
    language: 'typescript',
    sdk: {
      name: '@temporalio/worker',
      version: require('@temporalio/worker/package.json').version,
    },
  };
}

/** Every way out of here but the SDK's own consent is not `passed`. */
async function replay({ id, workflowId, history }) {
  const result = (outcome, error) => ({
    type: 'result',
    id,
    outcome,
    ...(error === undefined ? {} : { message: error.message }),
  });
  try {
    const decoded = History.decode(Buffer.from(history, 'base64'));
    await Worker.runReplayHistory({ workflowBundle, namespace }, decoded, workflowId);
    return result('passed');
  } catch (error) {
    if (error.name === 'DeterminismViolationError') return result('nondeterministic', error);
    // A worker's task would fail, and the execution be stuck: the code threw, or lacks the type.
    if (/workflow task failure/u.test(error.message)) return result('task-failed', error);
    return result('errored', error);
  }
}

// One line after the other: the next replay begins when the last has its result.
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === 'start') send(await start(message));
  else if (message.type === 'replay') send(await replay(message));
  else if (message.type === 'end') break;
}
channel.end(() => process.exit(0));
