import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import {
  checkHere,
  checkPullRequest,
  type CheckOptions,
  type CheckResult,
} from '../../testing/pull-request-check.js';
import type { FakeGitHub } from '../../testing/fake-github.js';

/** Bad input of a whole check: one clear error each, red, and nothing left running. Why a replayer refuses is its own tests' matter. */

let server: Awaited<ReturnType<typeof ordersServer>>;
beforeAll(async () => {
  server = await ordersServer();
});
afterAll(() => server.stop());

interface Case {
  readonly name: string;
  readonly inputs?: Record<string, string>;
  readonly files?: Record<string, string>;
  /** A replayer starts, and refuses: as a process. */
  readonly replays?: true;
  readonly title?: string;
  readonly prepare?: (github: FakeGitHub) => void;
  /** Patterns of what was found and of the way out; both stand in the error. */
  readonly found: RegExp;
  readonly fix: RegExp;
}

const cases: Case[] = [
  {
    name: 'workflow code that does not compile',
    replays: true,
    files: { 'src/workflows/order.ts': 'export async function order( {' },
    found: /workflow code cannot be bundled: .*order\.ts/u,
    fix: /To fix: correct what cannot be parsed/u,
  },
  {
    name: 'a working directory that is not there',
    inputs: { 'working-directory': 'services/orders' },
    found: /working-directory is "services\/orders", which does not exist/u,
    fix: /To fix: correct the path, and check that actions\/checkout/u,
  },
  {
    name: 'a working directory outside of the checkout',
    inputs: { 'working-directory': '../..' },
    found: /outside the workspace/u,
    fix: /To fix: give the path relative to/u,
  },
  {
    name: 'a server that is not there',
    inputs: { address: 'localhost:9' },
    found: /Temporal server at localhost:9 cannot be reached/u,
    fix: /To fix: check address/u,
  },
  {
    name: 'a host that is not there',
    inputs: { address: 'temporal.invalid:7233' },
    found: /temporal\.invalid:7233 cannot be reached \(connecting\): its name cannot be resolved/u,
    fix: /To fix: check address for typing errors/u,
  },
  {
    name: 'TLS settings for a server without TLS',
    inputs: { 'server-name': 'temporal.test' },
    found: /does not speak TLS/u,
    fix: /To fix: correct address, or remove .*server-name/u,
  },
  {
    name: 'an API key for a server without TLS',
    inputs: { 'api-key': 'c0ffee-c0ffee' },
    found: /does not speak TLS/u,
    fix: /To fix: correct address, or remove .*api-key/u,
  },
  {
    name: 'an API key that no header can carry',
    inputs: { 'api-key': 'c0ffee\nc0ffee' },
    found: /Input api-key holds a line break/u,
    fix: /To fix: store the secret again/u,
  },
  {
    name: 'an API key without the address that it is for',
    inputs: { address: '', 'api-key': 'c0ffee-c0ffee' },
    found: /Input api-key is set and address is not/u,
    fix: /To fix: set the input address/u,
  },
  {
    name: 'a variable for the replay that looks like a secret',
    inputs: { 'replay-env': 'REGION, DEPLOY_TOKEN' },
    found: /replay-env names "DEPLOY_TOKEN", which looks like a secret/u,
    fix: /To fix: remove them/u,
  },
  {
    name: 'a variable for the replay that is not set',
    inputs: { 'replay-env': 'REGION' },
    found: /replay-env names REGION, which is not set/u,
    fix: /To fix: set them under "env:"/u,
  },
  {
    name: 'an address with a scheme',
    inputs: { address: 'https://localhost:7233' },
    found: /The address is "https:\/\/localhost:7233"/u,
    fix: /To fix: write for example/u,
  },
  {
    name: 'a namespace that is not there',
    inputs: { namespace: 'elsewhere' },
    found: /has no namespace "elsewhere"/u,
    fix: /To fix: correct namespace/u,
  },
  {
    name: 'a query that the server cannot parse',
    inputs: { query: 'WorkflowType = = "order"' },
    found: /rejects the request \(listing executions\)/u,
    fix: /To fix: check the input query/u,
  },
  {
    name: 'a task queue that no query can carry',
    inputs: { 'task-queue': 'orders" OR "1' },
    found: /task-queue names "orders" OR "1", which contains a quote/u,
    fix: /To fix: rename the task queue/u,
  },
  {
    name: 'a certificate without its key',
    inputs: { 'client-cert': '-----BEGIN CERTIFICATE-----' },
    found: /client-cert is set and client-key is not/u,
    fix: /To fix: set client-key too; .*forks get no secrets/u,
  },
  {
    name: 'numbers, durations and words that are none',
    inputs: { 'max-histories': '-3', 'history-timeout': '10', select: 'best' },
    found: /max-histories is "-3"; .*history-timeout is "10"; .*select is "best"/u,
    fix: /To fix: correct max-histories, history-timeout, select/u,
  },
  {
    name: 'a title that GitHub does not hand out',
    prepare: (github) => github.fail({ kind: 'status', status: 404 }),
    found: /title of pull request 7 cannot be read \(404/u,
    fix: /To fix: give the job "permissions: pull-requests: read"/u,
  },
  {
    name: 'a GitHub that answers with something else than a pull request',
    prepare: (github) => github.fail({ kind: 'malformed' }),
    found: /pull request 7/u,
    fix: /To fix: run the job again/u,
  },
  {
    name: 'no token',
    inputs: { 'github-token': '' },
    found: /no token to read the title/u,
    fix: /To fix: leave github-token at its default/u,
  },
  {
    name: 'history files that are not there',
    inputs: { address: '', 'task-queue': '', histories: 'histories/*.json' },
    found: /No file matches the input histories/u,
    fix: /To fix: export histories/u,
  },
  {
    name: 'a report with a suffix that says nothing',
    inputs: { reports: 'report.pdf' },
    found: /reports names "report\.pdf"/u,
    fix: /To fix: change the suffix/u,
  },
];

async function run(item: Omit<Case, 'name' | 'found' | 'fix'>): Promise<CheckResult> {
  const workspace = await ordersWorkspace({
    ...(item.files === undefined ? {} : { files: item.files }),
  });
  await mkdir(join(workspace.path, 'histories'), { recursive: true });
  await writeFile(join(workspace.path, 'histories', '.keep'), '');
  const options: CheckOptions = {
    title: item.title ?? '[compatible-v1.0] Ship faster',
    inputs: { address: server.address, 'task-queue': server.taskQueue, ...item.inputs },
    ...(item.prepare === undefined ? {} : { prepare: item.prepare }),
  };
  const result = await (item.replays ? checkPullRequest : checkHere)(workspace, options);
  await workspace.remove();
  return result;
}

describe('is one clear error', () => {
  test.each(cases)('$name', async (item) => {
    const result = await run(item);
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
    const errors = result.annotations.filter((annotation) => annotation.level === 'error');
    expect(errors).toHaveLength(1);
    const message = errors[0]?.message ?? '';
    expect(message).toMatch(item.found);
    expect(message).toMatch(item.fix);
    expect(message).toMatch(/Expected: /u);
    // No stack for what is not our bug, and no process for what has ended.
    expect(result.stdout + result.stderr).not.toMatch(/^\s+at .*:\d+:\d+/mu);
    expect(result.leftBehind ?? []).toEqual([]);
  });
});

test('history files that cannot be read are not judged: red, with why', async () => {
  const result = await run({
    inputs: { address: '', 'task-queue': '', histories: 'histories/*.json' },
    files: {
      'histories/broken.json': '{"events": [',
      'histories/empty.json': '{"events": []}',
    },
  });
  expect(result.exitCode).toBe(1);
  expect(result.outputs).toMatchObject({
    verdict: 'inconclusive',
    reason: 'nothing-replayed',
    errored: '2',
  });
  expect(result.summary).toMatch(/not valid JSON/u);
  expect(result.summary).toMatch(/holds no events/u);
});
