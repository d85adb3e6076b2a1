import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runAction } from './action.js';
import { runCli } from './cli.js';

// The heap grows by a fifth between collections instead of doubling: a run over many histories makes
// much garbage and keeps little, and it shares the runner with the processes that replay.
setFlagsFromString('--heap-growing-percent=20');

// Red until proven green: a promise that never settles, or a crash, must not look like success.
process.exitCode = 1;

// The bundler rewrites `new URL(…, import.meta.url)` wrongly: the folder is found by its path, once.
const replayersFolder = join(import.meta.dirname, 'replayers');

// The runner gives no arguments; a person in a terminal does.
await (process.argv.length > 2 ? runCli(replayersFolder) : runAction(replayersFolder));

// Connections in the middle of something would keep the process; the work is done.
process.exit();
