import { Fatal } from '../common/fatal.js';
import { launch, readStart } from '../common/launcher.js';
import { findApplication } from './application.js';
import { buildOnce } from './build.js';
import { runReplayer } from './run.js';

/**
 * The Go replayer's launcher. It compiles the application together with the replayer's runtime, which is in Go,
 * and passes the protocol on to that program.
 */
async function main(): Promise<void> {
  const message = readStart();
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
  // eslint-disable-next-line no-restricted-properties -- the parent has removed everything that must not be seen
  process.exit(await runReplayer(program, process.env));
}

launch(main);
