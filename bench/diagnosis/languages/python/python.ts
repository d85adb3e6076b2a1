import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findPythonSdk, NEWEST_PYTHON_SDK } from '../../../../testing/python-sdk.js';
import { required } from '../../../../testing/toolchain.js';
import { programCorpus, startWorkerProgram } from '../programs.js';
import { PYTHON_EDITS } from './edits.js';
import { PYTHON_SCENARIOS } from './scenarios.js';

const CORPUS = join(import.meta.dirname, 'corpus');

/** One process for each worker, of an environment with the SDK. */
export const PYTHON = programCorpus({
  name: 'python',
  lanes: 5,
  corpus: CORPUS,
  fileOf: (workflowType) => `${workflowType}.py`,
  scenarios: PYTHON_SCENARIOS,
  edits: PYTHON_EDITS,
  passing: [],
  findToolchain: async () => {
    const { python, bin } = required(await findPythonSdk(NEWEST_PYTHON_SDK));
    const names = ['activities.py', 'worker.py'];
    const texts = await Promise.all(names.map((name) => readFile(join(CORPUS, name), 'utf8')));
    return {
      sdk: `temporalio ${NEWEST_PYTHON_SDK}`,
      environment: { VIRTUAL_ENV: dirname(bin) },
      files: Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ''])),
      workflowsOf: moduleOf,
      startWorker: (code, poll, environment) =>
        startWorkerProgram(python, ['worker.py', moduleOf(code.file)], code, poll, {
          ...environment,
          PYTHONDONTWRITEBYTECODE: '1',
        }),
    };
  },
});

function moduleOf(file: string): string {
  return file.replace(/\.py$/u, '');
}
