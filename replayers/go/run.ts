import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { send } from '../common/protocol-channel.js';

/** Bytes of standard error that are kept to find a panic's first words in. */
const KEPT = 64 * 1024;

/**
 * Runs the compiled replayer, which reads the rest of our standard input and writes to our channel, until it ends.
 *
 * It gets both under numbers of their own, and an empty standard input: whatever the code under test reads there,
 * it takes no message from the protocol.
 *
 * @returns its exit code
 */
export async function runReplayer(
  program: string,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const channel = process.argv.includes('--channel=3') ? 3 : 1;
  const child = spawn(program, [], {
    stdio: ['ignore', 2, 'pipe', channel, 0],
    // The SDK's guard against endless loops takes a slow machine for one, and ends nothing: the parent's
    // time limit does.
    env: { ...environment, TEMPORAL_DEBUG: '1' },
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    words = (words + chunk.toString('utf8')).slice(-KEPT);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const panic = code === 2 ? panicIn(words) : undefined;
  if (panic !== undefined) send({ type: 'fatal', message: panic });
  return code ?? (signal === null ? 1 : 128);
}

/**
 * What ended the process, where Go says so: its trace is longer than the last lines that the parent shows, and
 * says first what matters.
 */
export function panicIn(words: string): string | undefined {
  const start = /^(?:panic|fatal error): .*$/mu.exec(words);
  if (start === null) return undefined;
  const frame = /^\t(\/\S+\.go:\d+)/mu.exec(
    words.slice(start.index).replaceAll(/^\t\S*\/(?:src\/runtime|pkg\/mod)\/.*$/gmu, ''),
  )?.[1];
  return `the process ended by a ${start[0]}${frame === undefined ? '' : ` at ${frame}`}`;
}
