import { readSync } from 'node:fs';
import type { StartMessage } from '../../src/replay/protocol.js';
import { Fatal } from './fatal.js';
import { send } from './protocol-channel.js';

/**
 * Runs a replayer, or what prepares one. Whatever it throws reaches the parent as `fatal`, and ends the process.
 */
export function launch(main: () => Promise<void>): void {
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
}

/** @throws Fatal for a version of the protocol that the replayers do not know */
export function checkProtocol(message: StartMessage): void {
  const protocol: number = message.protocol;
  if (protocol !== 1) {
    throw new Fatal(`protocol version ${protocol} is not known, only version 1`);
  }
}

/**
 * The parent's first message: one line of standard input and not a byte more. The rest is for the program that
 * takes over.
 */
export function readStart(): StartMessage {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  for (;;) {
    if (readSync(0, byte) === 0) process.exit(0);
    if (byte[0] === 10) break;
    bytes.push(byte[0] ?? 0);
  }
  const message = JSON.parse(Buffer.from(bytes).toString('utf8')) as StartMessage;
  checkProtocol(message);
  return message;
}
