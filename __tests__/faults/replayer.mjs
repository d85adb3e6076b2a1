import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A replayer that replays nothing, and that can be relied on to tell what it answered: `replayer.mjs PLAN
 * [--channel=3]`. Every answer stands in the plan's side file before it is sent, so that a check is judged
 * by what was really said and not by its own report.
 *
 * The plan: `side`, the side file; `breaks`, the Workflow ID of the execution that does not pass; `fault`:
 * what goes wrong (`kind`), at which step (`step`), when the step comes for which time (`nth`, over all
 * processes of the run; 0 is every time).
 */
const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const note = (entry) =>
  appendFileSync(plan.side, `${JSON.stringify({ pid: process.pid, ...entry })}\n`);
const write = (text) => writeSync(3, text);
const say = (message) => write(`${JSON.stringify(message)}\n`);

/** How often the step has come before, in this process or in an earlier one. */
function timesOf(step) {
  const noted = readFileSync(plan.side, 'utf8').split('\n');
  return noted.filter((line) => line !== '' && JSON.parse(line).step === step).length;
}

const FAULTS = {
  SIGKILL: () => process.kill(process.pid, 'SIGKILL'),
  SIGSEGV: () => process.kill(process.pid, 'SIGSEGV'),
  SIGSTOP: () => process.kill(process.pid, 'SIGSTOP'),
  'exit 0': () => process.exit(0),
  'exit 7': () => process.exit(7),
  loop() {
    for (;;);
  },
  memory() {
    // Until the heap's limit: the runtime itself gives up then.
    const kept = [];
    for (;;) kept.push(new Array(100_000).fill({}));
  },
  'half a line': () => write('{"type":"result","id":"'),
  'half a line and exit'() {
    write('{"type":"result","id":"');
    process.exit(0);
  },
  noise: () => write('\u0000\u0001 no message \ufffd\n'),
  'another result': () => say({ type: 'result', id: 'another', outcome: 'passed' }),
  // At the step after the result: the first one counts.
  'a second result': (id) => say({ type: 'result', id, outcome: 'passed' }),
  'closes the channel': () => process.kill(process.pid, 'SIGPIPE'),
  'leaves a process'() {
    // In the same process group, with our pipes: it ends with the group or not at all.
    spawn('sleep', ['300'], { stdio: 'inherit' });
    process.exit(3);
  },
};

function at(step, id) {
  const { fault } = plan;
  const before = fault?.step === step && fault.nth > 0 ? timesOf(step) : -1;
  note({ step, ...(id === undefined ? {} : { id }) });
  if (fault?.step === step && (fault.nth === 0 || before + 1 === fault.nth)) FAULTS[fault.kind](id);
}

at('launched');
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === 'start') {
    at('start');
    say({ type: 'ready', language: 'typescript', sdk: { name: 'fake-sdk', version: '1.0.0' } });
    at('ready');
  } else if (message.type === 'replay') {
    const { id, workflowId, history } = message;
    at('replay', id);
    const outcome = workflowId === plan.breaks ? 'nondeterministic' : 'passed';
    const sha = createHash('sha256').update(history).digest('hex');
    note({ id, workflowId, outcome, sha });
    say({ type: 'result', id, outcome, ...(outcome === 'passed' ? {} : { message: 'it broke' }) });
    at('result', id);
  } else {
    at('end');
    process.exit(0);
  }
}
at('end of input');
