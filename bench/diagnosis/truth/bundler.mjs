/** Bundles workflow modules for its parent, one message for each: see workflow-bundler.ts. */
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeFileSync } from 'node:fs';

const logger = new DefaultLogger('ERROR');

process.on('message', async ({ workflowsPath, codePath }) => {
  try {
    const { code } = await bundleWorkflowCode({ workflowsPath, logger });
    writeFileSync(codePath, code);
    process.send({ codePath });
  } catch (error) {
    process.send({ codePath, problem: String(error) });
  }
});
