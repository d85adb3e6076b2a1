import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPLAYER } from '../shipped-replayer.js';

/** The bundle that both sides replay with, made as the gate makes it. */
export async function bundled(workflows: string, folder: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: workflows,
    workflowInterceptorModules: [join(REPLAYER, 'recorder.js')],
    logger: new DefaultLogger('ERROR'),
  });
  const path = join(folder, 'workflows.js');
  await writeFile(path, code);
  return path;
}
