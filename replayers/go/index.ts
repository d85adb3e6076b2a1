import { readSync } from 'node:fs';
import type { StartMessage } from '../../src/replay/protocol.js';
import { Fatal } from '../common/fatal.js';
import { send } from '../common/protocol-channel.js';
import { findApplication } from './application.js';
import { buildOnce } from './build.js';
import { runReplayer } from './run.js';

/**
 * The Go replayer's launcher: it compiles the application together with the replayer's runtime, which is
 * written in Go, and hands the protocol over to what comes out.
 */
async function main(): Promise<void> {
  const message = JSON.parse(readStart()) as StartMessage;
  const protocol: number = message.protocol;
  if (protocol !== 1) {
    throw new Fatal(`protocol version ${protocol} is not known, only version 1`);
  }
  if (message.options.module !== undefined) {
    throw new Fatal(
      'the input replay-options names a module, which Go has no use for',
      'name a function after the one that registers instead, as in workflows: ./worker#Register,ReplayerOptions',
    );
  }
  const folder = process.cwd();
  const { scratch } = message.options;
  const program = await buildOnce(folder, scratch, () =>
    findApplication(folder, message.workflows),
  );
  // eslint-disable-next-line no-restricted-properties -- the parent has left nothing in it but what may be seen
  process.exit(await runReplayer(program, process.env));
}

/**
 * The first line of standard input and not a byte more: the rest is the compiled program's to read.
 */
function readStart(): string {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  for (;;) {
    if (readSync(0, byte) === 0) process.exit(0);
    if (byte[0] === 10) return Buffer.from(bytes).toString('utf8');
    bytes.push(byte[0] ?? 0);
  }
}

main().catch((error: unknown) => {
  const fatal = error instanceof Fatal ? error : undefined;
  send({
    type: 'fatal',
    message:
      fatal?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    ...(fatal?.hint === undefined ? {} : { hint: fatal.hint }),
  });
  process.exit(1);
});
