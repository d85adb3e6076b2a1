import { readSync } from 'node:fs';
import type { StartMessage } from '../../src/replay/protocol.js';
import { Fatal } from '../common/fatal.js';
import { send } from '../common/protocol-channel.js';
import { build } from './build.js';
import { once } from './once.js';
import { runReplayer } from './run.js';

/**
 * The Java replayer's launcher: it compiles the replayer's runtime, which is written in Java, against the
 * application's SDK, and hands the protocol over to it.
 */
async function main(): Promise<void> {
  const message = JSON.parse(readStart()) as StartMessage;
  const protocol: number = message.protocol;
  if (protocol !== 1) {
    throw new Fatal(`protocol version ${protocol} is not known, only version 1`);
  }
  if (message.options.module !== undefined) {
    throw new Fatal(
      'the input replay-options names a module, which Java has no use for',
      'name methods in the input workflows instead, as in com.example.Workflows#register,com.example.Workflows#clientOptions',
    );
  }
  // eslint-disable-next-line no-restricted-properties -- the parent has left nothing in it but what may be seen
  const environment = process.env;
  const built = await once(message.options.scratch, 'java-replayer', (folder) =>
    build(process.cwd(), environment['REPLAY_CLASSPATH'], folder),
  );
  process.exit(await runReplayer(built, message, environment));
}

/** The first line of standard input and not a byte more: the rest is the started program's to read. */
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
