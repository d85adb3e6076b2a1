import { Fatal } from '../common/fatal.js';
import { launch, readStart } from '../common/launcher.js';
import { once } from '../common/once.js';
import { build } from './build.js';
import { runReplayer } from './run.js';

/**
 * The Java replayer's launcher. It compiles the replayer's runtime, which is in Java, against the application's SDK,
 * and passes the protocol on to it.
 */
async function main(): Promise<void> {
  const message = readStart();
  if (message.options.module !== undefined) {
    throw new Fatal(
      'the input replay-options names a module, which Java has no use for',
      'name methods in the input workflows instead, as in com.example.Workflows#register,com.example.Workflows#clientOptions',
    );
  }
  // eslint-disable-next-line no-restricted-properties -- the parent has removed everything that must not be seen
  const environment = process.env;
  const built = await once(message.options.scratch, 'java-replayer', (folder) =>
    build(process.cwd(), environment['REPLAY_CLASSPATH'], folder),
  );
  process.exit(await runReplayer(built, message, environment));
}

launch(main);
