/**
 * Proves that the architecture rules of eslint.config.js bite: each line of the table is code that a rule
 * must refuse, or, with 0, code that it must let through.
 */
import { ESLint } from 'eslint';
import { join } from 'node:path';

// Under CI the parser takes a file's text from the disk the first time, and not the snippet's.
process.env.TSESTREE_SINGLE_RUN = 'false';

const root = join(import.meta.dirname, '..');

const CASES = [
  ['src/gate/gate.ts', "import * as core from '@actions/core'; core.info('');"],
  ['src/gate/gate.ts', "import type { Client } from '@temporalio/client'; export type C = Client;"],
  [
    'src/gate/gate.ts',
    "import { Server } from '../temporal/connection.js'; export const s = Server;",
  ],
  [
    'src/gate/gate.ts',
    "import { readPull } from '../github/pull-request.js'; export const s = readPull;",
  ],
  ['src/gate/gate.ts', "export { readSettings } from '../inputs/read-settings.js';"],
  [
    'src/gate/fetch-stage.ts',
    "import { Server } from '../temporal/connection.js'; export const s = Server;",
  ],
  ['src/gate/report-stage.ts', "import * as core from '@actions/core'; core.info('');"],
  [
    'src/gate/gate.ts',
    "import type { Budget } from '../inputs/raw-inputs.js'; export type B = Budget;",
    0,
  ],
  [
    'src/model/claim.ts',
    "import { readable } from '../untrusted/readable.js'; export const x = readable;",
  ],
  [
    'src/model/claim.ts',
    "import type { Server } from '../temporal/connection.js'; export type X = Server;",
  ],
  ['src/model/claim.ts', "import { join } from 'node:path'; export const x = join;"],
  [
    'src/model/claim.ts',
    "import { UserError } from './user-error.js'; export const x = UserError;",
    0,
  ],
  [
    'replayers/typescript/index.ts',
    "import { readable } from '../../src/untrusted/readable.js'; export const x = readable;",
  ],
  [
    'replayers/typescript/index.ts',
    "import type { Outcome } from '../../src/model/outcome.js'; export type X = Outcome;",
  ],
  [
    'replayers/typescript/index.ts',
    "import { Worker } from '@temporalio/worker'; export const x = Worker;",
  ],
  [
    'replayers/typescript/index.ts',
    "import { PROTOCOL_VERSION } from '../../src/replay/protocol.js'; export const x = PROTOCOL_VERSION;",
    0,
  ],
  [
    'replayers/typescript/index.ts',
    "import type { Worker } from '@temporalio/worker'; export type X = Worker;",
    0,
  ],
  ['src/verdict/conclude.ts', "import { request } from 'node:https'; export const x = request;"],
  ['src/report/summary.ts', "import * as core from '@actions/core'; export const x = core;"],
  [
    'src/claim/parse-claim.ts',
    "import { spawn } from 'node:child_process'; export const x = spawn;",
  ],
  [
    'src/selection/plan-replays.ts',
    "import { ReplayerPool } from '../replay/replayer-pool.js'; export const x = ReplayerPool;",
  ],
  [
    'src/selection/plan-replays.ts',
    "import { readFileSync } from 'fs'; export const x = readFileSync;",
  ],
  [
    'src/diagnosis/diagnose.ts',
    "import { readFileSync } from 'node:fs'; export const x = readFileSync;",
  ],
  ['src/diagnosis/diagnose.ts', "export const x = await import('node:fs/promises');"],
  ['src/diagnosis/diagnose.ts', "export const x = () => fetch('http://localhost');"],
  ['src/diagnosis/diagnose.ts', 'export const x = () => process.pid;'],
  [
    'src/diagnosis/diagnose.ts',
    "import { Connection } from '@temporalio/client'; export const x = Connection;",
  ],
  [
    'src/diagnosis/source-location.ts',
    "import { readFileSync } from 'node:fs'; export const x = readFileSync;",
    0,
  ],
  ['src/machine/gate-parts.ts', "import * as core from '@actions/core'; export const x = core;"],
  [
    'src/temporal/query.ts',
    "import { getOctokit } from '@actions/github'; export const x = getOctokit;",
  ],
  [
    'src/github/pull-request.ts',
    "import { getOctokit } from '@actions/github'; export const x = getOctokit;",
    0,
  ],
  [
    'src/machine/gate-parts.ts',
    "import { Worker } from '@temporalio/worker'; export const x = Worker;",
  ],
  ['src/machine/gate-parts.ts', "export const x = import('@temporalio/worker');"],
  ['src/inputs/pem.ts', "export const x = process.env['PATH'];"],
  ['src/inputs/pem.ts', 'export const { env } = process;'],
  ['src/inputs/pem.ts', "import { env } from 'node:process'; export const x = env;"],
  ['replayers/typescript/stack.ts', "export const x = process.env['PATH'];"],
  ['src/runner/terminal.ts', "export const x = process.env['PATH'];", 0],
  ['src/files/head-commit.ts', "export const x = process.env['PATH'];", 0],
];

// Only the rules that are proven: the others need whole programs of types, which snippets are not.
const ARCHITECTURE = /no-restricted|architecture/;
const eslint = new ESLint({ cwd: root, ruleFilter: ({ ruleId }) => ARCHITECTURE.test(ruleId) });
const wrong = [];
for (const [file, code, refused = 1] of CASES) {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: join(root, file) });
  const hits = result.messages.filter((message) => ARCHITECTURE.test(message.ruleId ?? ''));
  if (hits.length > 0 !== refused > 0 || result.fatalErrorCount > 0) wrong.push(`${file}: ${code}`);
}
for (const line of wrong) console.error(`${line}\n  is judged wrongly`);
console.log(`${CASES.length - wrong.length} of ${CASES.length} cases are judged rightly`);
process.exitCode = wrong.length === 0 ? 0 : 1;
