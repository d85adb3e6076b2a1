import { expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pullRequestEvent } from '../../testing/event.js';
import { runAction, type ActionResult } from '../../testing/run-action.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';

/**
 * Every run of the action in these tests is searched for the credentials that it was given, with debug logging on
 * (testing/leaks.ts). Here are actions that leak: each must be found.
 */

const KEY = [
  '-----BEGIN PRIVATE KEY-----',
  'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g',
  '-----END PRIVATE KEY-----',
].join('\n');
const SECOND_LINE = KEY.split('\n')[1] ?? '';

async function run(program: string): Promise<ActionResult> {
  const folder = await temporaryFolder('leaking-action');
  const dist = join(folder, 'index.mjs');
  await writeFile(
    dist,
    `import { appendFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
const key = process.env['INPUT_CLIENT-KEY'];
const line = key.split('\\n')[1];
const token = process.env.TEMPORAL_API_KEY;
console.log('::add-mask::' + line);
const WAIT = ['-e', 'setTimeout(() => {}, 400)'];
${program}`,
  );
  return runAction({
    dist,
    cwd: folder,
    event: pullRequestEvent({
      number: 7,
      title: 'x',
      headSha: 'a'.repeat(40),
      baseSha: 'b'.repeat(40),
    }),
    inputs: { 'client-key': KEY },
    env: { TEMPORAL_API_KEY: 'canary-of-an-api-key' },
  });
}

test('an action that keeps what it is given is let through, and everything is told in its log', async () => {
  const result = await run('console.log(process.env.RUNNER_DEBUG, process.env.ACTIONS_STEP_DEBUG)');
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toContain('1 true');
});

const TEMP = 'process.env.RUNNER_TEMP';
test.each([
  ['a line of the log', 'console.log(`connecting with ${line}`)', /INPUT_CLIENT-KEY in the log/u],
  ['standard error', 'console.error(token)', /TEMPORAL_API_KEY in the log/u],
  ['a debug line', 'console.log(`::debug::${token}`)', /TEMPORAL_API_KEY in the log/u],
  [
    'the summary',
    'appendFileSync(process.env.GITHUB_STEP_SUMMARY, key)',
    /INPUT_CLIENT-KEY in .*step_summary/u,
  ],
  [
    'an output',
    'appendFileSync(process.env.GITHUB_OUTPUT, `report=${token}\\n`)',
    /TEMPORAL_API_KEY in .*set_output/u,
  ],
  [
    'a temporary file',
    `writeFileSync(${TEMP} + '/report.json', JSON.stringify({ found: line }))`,
    /INPUT_CLIENT-KEY in .*report\.json/u,
  ],
  [
    'a packed result',
    `writeFileSync(${TEMP} + '/result.json.gz', gzipSync(JSON.stringify({ token })))`,
    /TEMPORAL_API_KEY in .*result\.json\.gz, unpacked/u,
  ],
  ['the workspace', "writeFileSync('key.pem', key)", /INPUT_CLIENT-KEY in .*key\.pem/u],
  [
    'the command line of a child',
    'await once(spawn(process.execPath, [...WAIT, token]), "exit")',
    /TEMPORAL_API_KEY in the command line of/u,
  ],
  [
    'the environment of a child',
    'await once(spawn(process.execPath, WAIT), "exit")',
    /TEMPORAL_API_KEY in the environment of/u,
  ],
  [
    'the environment of the child of a child',
    'await once(spawn("sh", ["-c", `"$0" "$@"; :`, process.execPath, ...WAIT], { env: { CHILD: line } }), "exit")',
    /INPUT_CLIENT-KEY in the environment of/u,
  ],
])('a leak into %s is found', async (_where, program, found) => {
  await expect(run(program)).rejects.toThrow(found);
});

test('a piece of a key is enough', async () => {
  expect(SECOND_LINE.length).toBeGreaterThan(10);
  await expect(run('console.log(JSON.stringify(key))')).rejects.toThrow(/INPUT_CLIENT-KEY/u);
});
