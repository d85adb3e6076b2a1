import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { makeWorkspace, type Workspace } from '../../testing/workspace.js';

/** A checkout with as little in it as a check needs: its replayer lies elsewhere. Many runs share it. */
export async function faultWorkspace(): Promise<Workspace> {
  const from = await temporaryFolder('fault-application');
  await mkdir(join(from, 'src'));
  await writeFile(join(from, 'src', 'workflows.ts'), 'export async function order() {}\n');
  const workspace = await makeWorkspace({ from });
  await removeFolder(from);
  return workspace;
}
