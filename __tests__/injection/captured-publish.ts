import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitHubContext } from '../../src/github/context.js';
import type { Reporting } from '../../src/model/settings.js';
import { publish, type Reports } from '../../src/runner/publish.js';
import { RunnerCommands, splitLines } from '../../testing/runner-commands.js';
import { parseRunnerFile } from '../../testing/runner-files.js';

/** All that a run leaves for people and for later steps, as the runner understands it. */
export interface Published {
  readonly runner: RunnerCommands;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

const CONTEXT: GitHubContext = {
  eventName: 'pull_request',
  repository: { owner: 'acme', name: 'orders' },
  isPublic: false,
  serverUrl: 'https://github.com',
  trigger: { kind: 'commit', commits: 'any', fromFork: false },
};

/** Publishes reports into a folder that is there for it alone, and reads what the runner makes of what was printed and written. */
export function capturePublish(
  reports: Reports,
  folder: string,
  showWorkflowIds: Reporting['showWorkflowIds'],
): Published {
  mkdirSync(folder, { recursive: true });
  const files = {
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    RUNNER_TEMP: folder,
  };
  writeFileSync(files.GITHUB_OUTPUT, '');
  writeFileSync(files.GITHUB_STEP_SUMMARY, '');
  const before = { ...process.env };
  const write = process.stdout.write.bind(process.stdout);
  let printed = '';
  try {
    Object.assign(process.env, files);
    process.stdout.write = (text: string | Uint8Array): boolean => {
      printed += String(text);
      return true;
    };
    publish(
      reports,
      {
        engine: 'temporal',
        reporting: {
          showWorkflowIds,
          uiUrl: 'https://temporal.example.com/acme/ui',
          comment: 'never',
          suggest: false,
          reports: [],
        },
      },
      CONTEXT,
    );
  } finally {
    process.stdout.write = write;
    for (const name of Object.keys(files)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
  const runner = new RunnerCommands('/workspace');
  for (const line of splitLines(printed)) runner.process(line);
  const summary = readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8');
  const outputs = parseRunnerFile(readFileSync(files.GITHUB_OUTPUT, 'utf8'));
  // New files each time: to replace one waits for the disk.
  rmSync(folder, { recursive: true });
  return { runner, summary, outputs };
}
