import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { StartMessage } from '../../src/replay/protocol.js';
import { Fatal } from '../common/fatal.js';
import { FILES } from './build.js';
import { javaVersion } from './java-version.js';

/** The iterators of `Set.of` and `Map.of`. */
const ORDERED = ['Set12$1', 'SetN$SetNIterator', 'MapN$MapNIterator'];

/**
 * Runs the replayer until it ends. It reads the rest of our standard input and writes to our channel.
 *
 * It gets both as other descriptors, and an empty standard input. So the code under test cannot read a message of
 * the protocol there.
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
    // Channel.java opens descriptors by their numbers. Before Java 9 that needs no option.
    ...(javaVersion() >= 9 ? ['--add-opens=java.base/java.io=ALL-UNNAMED'] : []),
    // Replay is short, so long compilations and collections are not worth it.
    ...(options.accelerate ? ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'] : []),
    // A compiler would take over for good what Chance.java changes from replay to replay.
    '-XX:CompileCommand=quiet',
    ...ORDERED.map(
      (name) => `-XX:CompileCommand=exclude,java.util.ImmutableCollections$${name}::*`,
    ),
    // A JVM writes its counters to a file named by its process number. In namespaces two JVMs can have the same.
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
    // The SDK's deadlock detector also reports slow machines. The parent's time limit takes its place.
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
