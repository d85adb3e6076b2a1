import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { send } from '../common/protocol-channel.js';

const NEEDS =
  'code that runs when a package is loaded sees few variables and no secrets: name the others that it needs in replay-env';

/** Bytes of standard error that are kept, to find a panic's first words. */
const KEPT = 64 * 1024;

/**
 * Runs the compiled replayer until it ends. It reads the rest of our standard input and writes to our channel.
 *
 * It gets both as other descriptors, and an empty standard input. So the code under test cannot read a message of
 * the protocol there.
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
    // The SDK's deadlock detector also reports slow machines, and ends nothing. The parent's time limit does.
    env: { ...environment, TEMPORAL_DEBUG: '1' },
  });
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    words = (words + chunk.toString('utf8')).slice(-KEPT);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const panic = code === 2 ? panicIn(words) : undefined;
  if (panic !== undefined) send({ type: 'fatal', message: panic, hint: NEEDS });
  return code ?? (signal === null ? 1 : 128);
}

/**
 * The panic that ended the process. Go's trace begins with it, and is longer than the last lines that the parent
 * shows.
 */
export function panicIn(words: string): string | undefined {
  const start = /^(?:panic|fatal error): .*$/mu.exec(words);
  if (start === null) return undefined;
  const frame = /^\t(\/\S+\.go:\d+)/mu.exec(
    words.slice(start.index).replaceAll(/^\t\S*\/(?:src\/runtime|pkg\/mod)\/.*$/gmu, ''),
  )?.[1];
  return `the process ended by a ${start[0]}${frame === undefined ? '' : ` at ${frame}`}`;
}
