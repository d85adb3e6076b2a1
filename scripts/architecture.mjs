/**
 * Checks the architecture rules, and proves that each rule bites. Each rule of .dependency-cruiser.mjs has a case
 * here that it must refuse, and so have those of eslint.config.js (globals, process.env).
 */
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { ESLint } from 'eslint';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import config from '../.dependency-cruiser.mjs';

const root = join(import.meta.dirname, '..');

/** The files of a small tree: the text of each, and the rules that it breaks. */
const CASES = {
  'src/gate/gate.ts': ["import '@actions/core';", 'gate-knows-no-toolkit', 'toolkit-at-the-edge'],
  'src/gate/a.ts': [
    "import type { Client } from '@temporalio/client'; export type C = Client;",
    'gate-knows-no-toolkit',
  ],
  'src/gate/b.ts': ["export * from '../github/a.js';", 'gate-takes-values'],
  'src/gate/c.ts': ["import type { A } from '../inputs/a.js'; export type B = A;"],
  'src/gate/d.ts': ["import { type A } from '../inputs/a.js'; export type B = A;"],
  'src/gate/e.ts': ["export type B = import('../temporal/a.js').A;", 'temporal-behind-one-door'],
  'src/container/three-jobs.ts': ["import '../inputs/a.js';", 'gate-takes-values'],
  'src/engine/a.ts': ["import type {} from '../temporal/a.js';", 'temporal-behind-one-door'],
  'src/diagnosis/d.ts': [
    "import type { A } from '../temporal/a.js'; export type B = A;",
    'temporal-behind-one-door',
  ],
  'src/machine/engines.ts': ["import '../temporal/a.js';"],
  'src/model/a.ts': [
    "import type { A } from '../untrusted/a.js'; export type B = A;",
    'model-imports-model',
  ],
  'src/model/b.ts': ["import 'node:path';", 'model-imports-model'],
  'src/model/c.ts': ["import './claim.js';"],
  'replayers/typescript/a.ts': [
    "import type { A } from '../../src/model/claim.js'; export type B = A;",
    'replayer-shares-protocol',
  ],
  'replayers/typescript/b.ts': ["import '@temporalio/worker';", 'replayer-takes-their-sdk'],
  'replayers/typescript/c.ts': [
    "import type { Worker } from '@temporalio/worker'; import '../../src/replay/protocol.js'; export type A = Worker;",
  ],
  'src/verdict/a.ts': ["import 'node:https';", 'pure-room-has-no-world'],
  'src/claim/a.ts': ["import 'node:child_process';", 'pure-room-has-no-world'],
  'src/diagnosis/a.ts': ["import '@temporalio/client';", 'pure-room-has-no-world'],
  'src/selection/a.ts': ["import '../replay/replayer-pool.js';", 'pure-room-reaches-none'],
  'src/report/a.ts': ["import '../files/write-whole.js';", 'pure-room-reaches-none'],
  'src/report/b.ts': ["import '../files/paths.js';"],
  'src/diagnosis/b.ts': ["await import('node:fs/promises');", 'pure-room-reads-no-files'],
  'src/diagnosis/c.ts': ["import 'fs';", 'pure-room-reads-no-files'],
  'src/diagnosis/source-location.ts': ["import 'node:fs';"],
  'src/temporal/b.ts': ["import '@actions/github';", 'toolkit-at-the-edge'],
  'src/github/b.ts': ["import '@actions/github';"],
  'src/machine/a.ts': ["await import('@temporalio/worker');", 'no-worker-of-ours'],
  'src/inputs/b.ts': ["import 'node:process';", 'process-is-a-global'],
  'src/loose.ts': ["import './model/claim.js';", 'only-index-is-loose'],
  'src/files/a.ts': ["import type { B } from './b.js'; export type A = B;", 'no-circles'],
  // A circle is told once.
  'src/files/b.ts': ["import type { A } from './a.js'; export type B = A;"],
  // Rooms in a circle, though no files are in one.
  'src/store/a.ts': ["import '../sealing/a.js';", 'no-circles-of-rooms'],
  'src/sealing/b.ts': ["import '../store/b.js';", 'no-circles-of-rooms'],
};

/** These files exist only to be imported. */
const TARGETS = [
  'src/github/a.ts',
  'src/inputs/a.ts',
  'src/temporal/a.ts',
  'src/untrusted/a.ts',
  'src/model/claim.ts',
  'src/replay/protocol.ts',
  'src/replay/replayer-pool.ts',
  'src/files/write-whole.ts',
  'src/files/paths.ts',
  'src/sealing/a.ts',
  'src/store/b.ts',
];

/** A file, its text, and whether eslint must refuse it. */
const LINT_CASES = [
  ['src/diagnosis/diagnose.ts', "export const x = () => fetch('http://localhost');", true],
  ['src/diagnosis/diagnose.ts', 'export const x = () => process.pid;', true],
  ['src/inputs/pem.ts', "export const x = process.env['PATH'];", true],
  ['src/inputs/pem.ts', 'export const { env } = process;', true],
  ['replayers/typescript/stack.ts', "export const x = process.env['PATH'];", true],
  ['src/runner/terminal.ts', "export const x = process.env['PATH'];", false],
  ['src/files/head-commit.ts', "export const x = process.env['PATH'];", false],
];

const wrong = [];

const broken = await violations(root);
for (const { from, to, name, comment } of broken)
  wrong.push(`${from} → ${to}: ${name}. ${comment}`);

const proven = new Set();
const tree = mkdtempSync(join(tmpdir(), 'architecture-'));
try {
  for (const [file, [code]] of [
    ...Object.entries(CASES),
    ...TARGETS.map((file) => [file, ['export {};']]),
  ]) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), `${code}\n`);
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  const found = await violations(tree);
  for (const [file, [code, ...expected]] of Object.entries(CASES)) {
    const names = [...new Set(found.filter(({ from }) => from === file).map(({ name }) => name))];
    for (const name of names) proven.add(name);
    if (names.sort().join() !== expected.sort().join()) {
      wrong.push(
        `${file}: ${code}\n  breaks ${names.join() || 'no rule'}, not ${expected.join() || 'none'}`,
      );
    }
  }
} finally {
  rmSync(tree, { recursive: true, force: true });
}
for (const { name } of config.forbidden) {
  if (!proven.has(name)) wrong.push(`No case shows that ${name} bites`);
}

// Without types, because snippets are no program, and these rules need no types.
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted'),
  overrideConfig: { languageOptions: { parserOptions: { project: null } } },
});
for (const [file, code, isRefused] of LINT_CASES) {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: join(root, file) });
  const hits = result.messages.filter(({ ruleId }) => ruleId?.startsWith('no-restricted'));
  if (hits.length > 0 !== isRefused || result.fatalErrorCount > 0) {
    wrong.push(`${file}: ${code}\n  is ${isRefused ? 'not ' : ''}refused by eslint`);
  }
}

for (const line of wrong) console.error(line);
console.log(
  wrong.length === 0
    ? `The architecture holds, and ${proven.size + 2} rules bite`
    : `${wrong.length} things are wrong with the architecture or its rules`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** All that breaks a rule below a folder, including circles between rooms. */
async function violations(baseDir) {
  const { output } = await cruise(
    ['src', 'replayers'],
    { ...config.options, baseDir, validate: true, ruleSet: { forbidden: config.forbidden } },
    config.options.enhancedResolveOptions,
    { tsConfig: extractTSConfig(join(root, config.options.tsConfig.fileName)) },
  );
  const comments = new Map(config.forbidden.map(({ name, comment }) => [name, comment]));
  return [
    ...output.summary.violations.map(({ from, to, rule: { name } }) => ({
      ...{ from, to, name },
      comment: comments.get(name),
    })),
    ...roomCircles(output.modules),
  ];
}

/** Imports from one room to another from which imports lead back. */
function roomCircles(modules) {
  const roomOf = (path) => /^src\/([^/]+)\//u.exec(path)?.[1];
  const arrows = modules.flatMap(({ source, dependencies }) =>
    dependencies
      .map(({ resolved }) => ({
        from: source,
        to: resolved,
        rooms: [source, resolved].map(roomOf),
      }))
      .filter(({ rooms: [here, there] }) => here && there && here !== there),
  );
  const reached = (start) => {
    const seen = new Set([start]);
    for (const room of seen) {
      for (const { rooms } of arrows) if (rooms[0] === room) seen.add(rooms[1]);
    }
    return seen;
  };
  return arrows
    .filter(({ rooms: [here, there] }) => reached(there).has(here))
    .map(({ from, to }) => ({
      ...{ from, to, name: 'no-circles-of-rooms' },
      comment: 'A room is read after those that it imports.',
    }));
}
