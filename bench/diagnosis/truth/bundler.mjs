/** Bundles workflow modules for its parent, one message for each: see workflow-bundler.ts. */
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const recorder = join(import.meta.dirname, '../../../dist/replayers/typescript/recorder.js');

const logger = new DefaultLogger('ERROR');

process.on('message', async ({ workflowsPath, codePath }) => {
  try {
    // The replayer's own bundle has its recorder too; in a worker it does nothing.
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      logger,
      workflowInterceptorModules: [recorder],
    });
    writeFileSync(codePath, code);
    process.send({ codePath });
  } catch (error) {
    process.send({ codePath, problem: String(error) });
  }
});
