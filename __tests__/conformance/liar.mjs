/**
 * A replayer that does right what can be done without an SDK (it knows the histories by their workflow
 * type), and wrong what its first argument says.
 */
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setInterval } from 'node:timers';

const [fault] = process.argv.slice(2);
const channel = createWriteStream('', { fd: 3 });
const send = (message) => channel.write(`${JSON.stringify(message)}\n`);
let replays = 0;
/** Of the liars that take several histories at a time: those that they have not answered. */
const inHand = [];
const takesSeveral = /^(?:confuses|forgets) what it has in its hands$/u.test(fault);

function outcomeOf({ workflowType, record, history }) {
  if (fault === 'passes everything') return 'passed';
  if (fault === 'passes unknown types' && workflowType.includes('unknown-type')) return 'passed';
  if (fault === 'fails when it records' && record) return 'errored';
  if (fault === 'passes the first only' && replays > 1) return 'errored';
  if (Buffer.from(history, 'base64').length < 20) return 'errored';
  return workflowType === 'reminder' ? 'passed' : 'task-failed';
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const message = JSON.parse(line);
    if (message.type === 'start') {
      if (message.protocol !== 1 && fault !== 'speaks any version') {
        send({ type: 'fatal', message: 'which version?' });
        return;
      }
      const name = fault === 'names no SDK' ? '' : 'liar';
      send({
        type: 'ready',
        language: 'typescript',
        sdk: { name, version: '1' },
        ...(takesSeveral ? { concurrency: 4 } : {}),
      });
    } else if (message.type === 'replay' && takesSeveral && message.id.startsWith('conformance ')) {
      inHand.push(message);
      if (inHand.length < 4) return;
      // The outcomes of all, each under the ID of the next; or one of them not at all.
      const [first, ...others] = inHand.map(({ id }) => id);
      const ids = fault.startsWith('forgets') ? others : [...others, first];
      for (const [index, id] of ids.entries()) {
        send({ type: 'result', id, outcome: outcomeOf(inHand[index]) });
      }
      if (fault.startsWith('forgets')) process.exit(0);
    } else if (message.type === 'replay') {
      replays += 1;
      const outcome = outcomeOf(message);
      if (outcome === 'errored' && fault === 'hangs on rubbish') return;
      const commands = {
        'records out of nowhere': [{ command: 'StartTimer', name: '', historyLength: 4 }],
        'records nothing of a timer': [],
        'records the wrong command': [
          { command: 'ScheduleActivityTask', name: 'pay', historyLength: 3 },
        ],
      }[fault];
      send({
        type: 'result',
        id: fault === 'answers another' ? 'another' : message.id,
        outcome,
        ...(message.record && commands !== undefined ? { commands } : {}),
      });
    } else if (message.type === 'end' && fault !== 'goes on after end') {
      process.exit(0);
    }
  })
  .on('close', () => {
    if (fault !== 'goes on after its input') process.exit(0);
  });
setInterval(() => undefined, 1000);
