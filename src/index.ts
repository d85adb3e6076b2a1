// First: sealing starts the program anew, and what is loaded before it is loaded twice.
import './runner/first.js';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runAction } from './runner/one-job.js';
import { runInTerminal } from './runner/terminal.js';
import { runFetchJob } from './runner/fetch-job.js';
import { runReplayJob } from './runner/replay-job.js';
import { runReportJob } from './runner/report-job.js';
import { runRetireJob } from './runner/retire-job.js';

// The heap grows by a fifth between collections instead of doubling: a run over many histories makes
// much garbage and keeps little, and it shares the runner with the processes that replay.
setFlagsFromString('--heap-growing-percent=20');

// The bundler rewrites `new URL(…, import.meta.url)` wrongly: the folder is found by its path, once.
const replayersFolder = join(import.meta.dirname, 'replayers');

await run(process.argv[2]);

// Connections in the middle of something would keep the process; the work is done.
process.exit();

/** @param first the first argument: the runner gives none, src/starters a job or "terminal", a person a command */
function run(first: string | undefined): Promise<void> {
  switch (first) {
    case undefined:
      return runAction(replayersFolder);
    case 'fetch-job':
      return runFetchJob();
    case 'replay-job':
      return runReplayJob(replayersFolder);
    case 'report-job':
      return runReportJob();
    case 'retire-job':
      return runRetireJob();
    default:
      return runInTerminal(process.argv.slice(first === 'terminal' ? 3 : 2), replayersFolder);
  }
}
