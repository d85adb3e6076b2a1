import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project-root.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';
import { makeWorkspace, type Workspace } from './workspace.js';

/** For "with:" of a check of such a checkout. */
export const JUDGED_INPUTS = { language: 'command', workflows: 'node judge.mjs' } as const;

const JUDGE = join(projectRoot, 'testing', 'judge', 'judge.mjs');

export interface Judgement {
  /** Workflow types whose executions do not pass. */
  readonly breaks?: readonly string[];
  /** What the code registers; by default the types of the example application. */
  readonly workflowTypes?: readonly string[];
}

const ORDERS_TYPES = ['customerAccount', 'order', 'reminder', 'shipment'];

/**
 * A checkout of a pull request in which a script says what the replay of each execution comes to. For tests of
 * what goes on around the replay: that code breaks executions is shown by those that replay it, which take
 * seconds for each check.
 */
export async function judgedWorkspace(judgement: Judgement = {}): Promise<Workspace> {
  const from = await temporaryFolder('judged-application');
  try {
    await copyFile(JUDGE, join(from, 'judge.mjs'));
    await writeFile(join(from, 'judge.json'), asJson({}));
    // Also where the judgement is the base's: a pull request has a commit of its own.
    return await makeWorkspace({
      from,
      files: { 'judge.json': asJson(judgement), 'changed.md': '# The change\n' },
    });
  } finally {
    await removeFolder(from);
  }
}

function asJson({ breaks = [], workflowTypes = ORDERS_TYPES }: Judgement): string {
  return `${JSON.stringify({ breaks, workflowTypes })}\n`;
}
