import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { LineReader } from '../../../src/replay/line-reader.js';
import { parseFromReplayer, type ReplayMessage } from '../../../src/replay/protocol.js';
import { cpuMsOfChildren } from '../processor-time.js';
import type { HistoryAtHand } from '../recorded-histories.js';
import { shippedGoReplayer } from './shipped-go-replayer.js';

/**
 * The replayer for Go, as it is shipped, with as many histories in its hands as it takes at a time, and with a
 * parent that has its lines ready: what the replayer itself can do.
 *
 * tsx in-flight-loop.ts APPLICATION SCRATCH HISTORIES [IN_FLIGHT]
 *
 * Prints what the reference prints. The processor time is that of both; `parentMs` is ours.
 */
const [application = '', scratch = '', file = '', wanted] = process.argv.slice(2);
const lines = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line, number) => replayLine(JSON.parse(line) as HistoryAtHand, number));

const { command, message } = shippedGoReplayer(application, scratch);
const child = spawn(command.file, command.args, {
  cwd: command.cwd,
  env: { ...command.environment },
  stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
});
const input = child.stdin as Writable;
const channel = child.stdio[3] as Readable;

let began = 0;
let ownBefore = process.cpuUsage();
let childrenBefore = 0;
let sent = 0;
let passed = 0;
const open = new Set<string>();

const reader = new LineReader(receive, () => fail('a line that is too long'));
channel.on('data', (chunk: Buffer) => {
  // What one chunk asks for goes out at once.
  input.cork();
  reader.push(chunk);
  input.uncork();
});
child.on('exit', () => fail('it ended'));
input.write(`${JSON.stringify(message)}\n`);

function receive(line: string): void {
  const said = parseFromReplayer(line);
  if (typeof said === 'string') return fail(said);
  switch (said.type) {
    case 'ready': {
      const inFlight = Number(wanted ?? said.concurrency ?? 1);
      began = performance.now();
      ownBefore = process.cpuUsage();
      childrenBefore = cpuMsOfChildren();
      for (let number = 0; number < inFlight; number += 1) sendNext();
      return;
    }
    case 'result':
      if (!open.delete(said.id)) return fail(`a result of ${said.id}, which is not in its hands`);
      if (said.outcome === 'passed') passed += 1;
      if (sent < lines.length) return sendNext();
      if (open.size === 0) finish();
      return;
    case 'fatal':
    case 'reached':
      return fail(JSON.stringify(said));
  }
}

function sendNext(): void {
  const line = lines[sent];
  if (line === undefined) return;
  open.add(String(sent));
  sent += 1;
  input.write(line);
}

function replayLine({ status: _, ...execution }: HistoryAtHand, number: number): Buffer {
  const asked: ReplayMessage = { type: 'replay', id: String(number), record: false, ...execution };
  return Buffer.from(`${JSON.stringify(asked)}\n`);
}

function finish(): void {
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(ownBefore);
  const parentMs = (user + system) / 1000;
  const cpuMs = parentMs + cpuMsOfChildren() - childrenBefore;
  console.log(`\n${JSON.stringify({ replayed: sent, passed, seconds, cpuMs, parentMs })}`);
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  process.exit(0);
}

function fail(problem: string): never {
  console.error(`The replayer failed: ${problem}`);
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  process.exit(1);
}
