import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commandsGoFiles, goFiles } from '../../testing/go-modules.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import type { FoundToolchain } from '../../testing/toolchain.js';
import { makeWorkspace, type Workspace } from '../../testing/workspace.js';
import { ofType, readFixture, type Fixture } from '../fixtures/histories.js';

/** A checkout of an application in Go, which has a release of the SDK. */
export async function goWorkspace(
  sdk: FoundToolchain,
  files: Readonly<Record<string, string>>,
): Promise<Workspace> {
  const from = await temporaryFolder('go-application');
  try {
    for (const [name, text] of Object.entries(await goFiles(sdk, files))) {
      await mkdir(dirname(join(from, name)), { recursive: true });
      await writeFile(join(from, name), text);
    }
    return await makeWorkspace({ from });
  } finally {
    await removeFolder(from);
  }
}

/** The same with the workflows that issue every kind of command, with some files replaced or edited. */
export async function commandsGoWorkspace(
  sdk: FoundToolchain,
  {
    files = {},
    edits = [],
  }: {
    readonly files?: Readonly<Record<string, string>>;
    /** Text of workflows.go, which must be there once, and what takes its place. */
    readonly edits?: readonly (readonly [from: string, to: string])[];
  } = {},
): Promise<Workspace> {
  const all = { ...(await commandsGoFiles()), ...files };
  let text = all['workflows/workflows.go'] ?? '';
  for (const [from, to] of edits) {
    if (text.split(from).length !== 2) throw new Error(`workflows.go has not once: ${from}`);
    text = text.replace(from, () => to);
  }
  return goWorkspace(sdk, { ...all, 'workflows/workflows.go': text });
}

/** Releases before 1.30 have no options for timers. */
export const LAST_TIMER_OF_1_26 = {
  'workflows/last_timer.go': `package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

func newLastTimer(ctx workflow.Context) workflow.Future {
	return workflow.NewTimer(ctx, 40*time.Millisecond)
}
`,
};

/** The recorded history of one workflow, possibly as if it were of another type. */
export function goHistory(
  name: string,
  workflowType?: string,
  set = 'commands-go-1.50.0',
): Fixture {
  const fixture = readFixture(set, name);
  return workflowType === undefined ? fixture : ofType(fixture, workflowType);
}
