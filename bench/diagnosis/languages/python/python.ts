import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replayEnvironment } from '../../../../src/replay/environment.js';
import { findPythonSdk, NEWEST_PYTHON_SDK } from '../../../../testing/python-sdk.js';
import { required } from '../../../../testing/toolchain.js';
import { programCorpus } from '../programs.js';
import { WorkerHost } from '../worker-host.js';

/** What all code has in common. */
const ACTIVITIES = 'activities.py';

const CORPUS = join(import.meta.dirname, 'corpus');

/** All workers in one process, each with modules of its own. */
export const PYTHON = programCorpus({
  name: 'python',
  lanes: 5,
  corpus: CORPUS,
  fileOf: (workflowType) => `${workflowType}.py`,
  passing: [],
  findToolchain: async () => {
    const { python, bin } = required(await findPythonSdk(NEWEST_PYTHON_SDK));
    const host = await WorkerHost.start(python, [join(import.meta.dirname, 'host.py'), CORPUS], {
      ...replayEnvironment(process.env, 'python'),
      PYTHONDONTWRITEBYTECODE: '1',
      // The SDK's guard against endless loops takes a busy machine for one.
      TEMPORAL_DEBUG: '1',
    });
    return {
      sdk: `temporalio ${NEWEST_PYTHON_SDK}`,
      environment: { VIRTUAL_ENV: dirname(bin) },
      files: { [ACTIVITIES]: await readFile(join(CORPUS, ACTIVITIES), 'utf8') },
      workflowsOf: moduleOf,
      startWorker: ({ folder, file }, poll) => host.startWorker(poll, folder, moduleOf(file)),
      close: () => host.close(),
    };
  },
});

function moduleOf(file: string): string {
  return file.replace(/\.py$/u, '');
}
