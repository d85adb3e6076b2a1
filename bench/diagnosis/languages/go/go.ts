import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findGoSdk, goFiles, GO_SDKS } from '../../../../testing/go-modules.js';
import { runCommand } from '../../../../testing/run-command.js';
import { required } from '../../../../testing/toolchain.js';
import { programCorpus, startWorkerProgram, type CorpusToolchain } from '../programs.js';

const CORPUS = join(import.meta.dirname, 'corpus');

/** Beside the workflow's file, in every folder of code. */
const FILES = ['activities/activities.go', 'worker/main.go'];

/** Of the compiled worker, in the folder of its code. */
const WORKER = 'the-worker';

/** Each edit is a module of its own, compiled twice: as a worker, and by the replayer. */
export const GO = programCorpus({
  name: 'go',
  // Compiling takes all of a core, and waiting for the server none.
  lanes: 4,
  corpus: CORPUS,
  fileOf: (workflowType) => `${workflowType}.go`,
  // The SDK counts them from the event at which a task begins, and how many events a task has is chance.
  // And what GetVersion notes for searches says no more than its marker.
  passing: ['activityId', 'timerId', 'TemporalChangeVersion'],
  closesUnchecked: true,
  findToolchain,
});

async function findToolchain(): Promise<CorpusToolchain> {
  const sdk = required(await findGoSdk(GO_SDKS.newest));
  const texts = await Promise.all(FILES.map((path) => readFile(join(CORPUS, path), 'utf8')));
  const files = Object.fromEntries(FILES.map((path, index) => [path, texts[index] ?? '']));
  return {
    sdk: sdk.version,
    environment: {},
    files: await goFiles(sdk, files, 'example.com/corpus'),
    workflowsOf: () => '.#Register',
    build: async ({ folder }) => {
      // What only debuggers read takes the linker half its time.
      const args = ['build', '-buildvcs=false', '-ldflags=-s -w', '-o', WORKER, './worker'];
      await runCommand('go', args, { cwd: folder });
    },
    startWorker: (code, poll, environment) =>
      startWorkerProgram(join(code.folder, WORKER), [], code, poll, environment),
  };
}
