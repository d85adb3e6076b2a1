import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { StartMessage } from '../../src/replay/protocol.js';
import { Fatal } from '../common/fatal.js';
import { FILES } from './build.js';
import { javaVersion } from './java-version.js';

/**
 * Runs the replayer, which reads the rest of our standard input and writes to our channel, until it ends.
 *
 * It gets both under numbers of their own, and an empty standard input: whatever the code under test reads there,
 * it takes no message from the protocol.
 *
 * @param built the folder that `build` has filled
 * @returns its exit code
 */
export async function runReplayer(
  built: string,
  { namespace, workflows, options }: StartMessage,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const channel = process.argv.includes('--channel=3') ? 3 : 1;
  const classPath = readFileSync(join(built, FILES.classPath), 'utf8');
  const args = [
    // To open descriptors by their number, see Channel.java; older ones need not be told.
    ...(javaVersion() >= 9 ? ['--add-opens=java.base/java.io=ALL-UNNAMED'] : []),
    // Replay is short: what takes long to compile or to collect is not worth it.
    ...(options.accelerate ? ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] : []),
    // By it a JVM shows its counters under its number, which in a namespace is that of another's: both would write.
    '-XX:-UsePerfData',
    '-cp',
    [join(built, FILES.runtime), classPath].join(delimiter),
    'temporalreplaygate.Main',
    join(built, FILES.sources),
    join(built, FILES.classFolders),
    namespace,
    ...(workflows === undefined ? [] : [workflows]),
  ];
  const child = spawn('java', args, {
    stdio: ['ignore', 2, 2, channel, 0],
    // The SDK's guard against endless loops takes a slow machine for one: the parent's time limit does its work.
    env: { ...environment, TEMPORAL_DEBUG: '1' },
  });
  child.once('error', () => undefined);
  const failed = once(child, 'error').then(([error]) => {
    throw new Fatal(`java cannot be run: ${(error as Error).message}`);
  });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const [code, signal] = await Promise.race([ended, failed]);
  return code ?? (signal === null ? 1 : 128);
}
