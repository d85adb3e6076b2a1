import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A replayer that replays nothing: `judge.json` beside it names the workflow types that break, and those that
 * there are. It starts in no time, where bundling and the SDK take seconds.
 */
const { breaks, workflowTypes } = JSON.parse(
  readFileSync(new URL('judge.json', import.meta.url), 'utf8'),
);
const say = (message) => writeSync(3, `${JSON.stringify(message)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { type, id, workflowType } = JSON.parse(line);
  if (type === 'start') {
    const sdk = { name: 'judge', version: '1.0.0' };
    say({ type: 'ready', language: 'typescript', sdk, workflowTypes });
  } else if (type === 'replay') {
    const broken = breaks.includes(workflowType);
    say({
      type: 'result',
      id,
      ...(broken
        ? { outcome: 'nondeterministic', message: 'it is said to' }
        : { outcome: 'passed' }),
    });
  } else {
    process.exit(0);
  }
}
