import { expect } from '@jest/globals';
import { join } from 'node:path';
import { projectRoot } from '../../testing/project-root.js';
import type { Workspace } from '../../testing/workspace.js';
import { faultWorkspace } from './fault-workspace.js';
import { runFaulted, type Truth } from './faulted-run.js';

/** Recorded histories of real executions, and what a check of them without any fault finds. */
export interface SoundFiles {
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: Workspace;
  readonly truth: Truth;
  readonly running: readonly string[];
}

export async function soundFiles(): Promise<SoundFiles> {
  const workspace = await faultWorkspace();
  const set = join(projectRoot, '__tests__', 'fixtures', 'histories', 'orders-1.24.0');
  const inputs = { histories: join(set, '*.json') };
  const { truth, running, ...sound } = await runFaulted(workspace, {
    inputs,
    replayer: {},
    truth: undefined,
    limitMs: 120_000,
  });
  expect(sound).toMatchObject({ breaches: [], verdict: 'compatible' });
  expect(truth.passed).toBeGreaterThan(5);
  expect(running.length).toBeGreaterThan(1);
  return { inputs, workspace, truth, running };
}
