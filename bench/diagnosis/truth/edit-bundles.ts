import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeFile } from 'node:fs/promises';

let last: Promise<unknown> = Promise.resolve();

/** Bundles a workflow module as its worker would. One at a time: each takes a core for a second. */
export async function bundleTo(codePath: string, workflowsPath: string): Promise<void> {
  const logger = new DefaultLogger('ERROR');
  const bundled = last.then(() => bundleWorkflowCode({ workflowsPath, logger }));
  last = bundled.catch(() => undefined);
  await writeFile(codePath, (await bundled).code);
}
