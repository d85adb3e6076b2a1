import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { startCodecServer, type RunningCodecServer } from '../../testing/codec-server.js';
import { freePort } from '../../testing/free-port.js';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import {
  OrdersApplication,
  ordersWorkspace,
  type OrdersOptions,
} from '../../testing/orders-application.js';
import { ordersServer } from '../../testing/orders-server.js';
import { projectRoot } from '../../testing/project-root.js';
import { checkHere, checkPullRequest, type CheckResult } from '../../testing/pull-request-check.js';
import type { DriftReview } from '../../src/model/drift.js';
import { inTier } from '../../testing/tiers.js';
import { reportProblems } from '../../testing/report-schema.js';
import { registerBuildIds } from '../../testing/version-sets.js';
import type { Workspace } from '../../testing/workspace.js';

/** Encrypted executions on a real server, and a real codec server that has their key. */

const AUTH = 'Bearer codec-credential-4711';

let server: Awaited<ReturnType<typeof ordersServer>>;
let codec: RunningCodecServer;
const taskQueue = 'orders-behind-codec';

beforeAll(async () => {
  server = await ordersServer();
  codec = await startCodecServer({ authorization: AUTH });
  await registerBuildIds(server, taskQueue, [
    { operation: 'addNewIdInNewDefaultSet', buildId: 'c1' },
  ]);
  const application = await OrdersApplication.compile();
  await application.runExecutions(
    { server, taskQueue, buildId: 'c1', environment: { ENCRYPT: '1' } },
    1,
  );
  await application.remove();
});
afterAll(async () => {
  await codec.stop();
  await server.stop();
});

async function check(
  inputs: Record<string, string>,
  options: OrdersOptions = { patch: 'compatible' },
  prepare: (workspace: Workspace) => Promise<void> = () => Promise.resolve(),
): Promise<CheckResult> {
  const workspace = await ordersWorkspace(options);
  await prepare(workspace);
  return checkIn(workspace, inputs);
}

/** Of what goes on before the replay: what that comes to is said by a script. */
async function checkJudged(inputs: Record<string, string>): Promise<CheckResult> {
  return checkIn(await judgedWorkspace(), { ...JUDGED_INPUTS, ...inputs });
}

async function checkIn(
  workspace: Workspace,
  inputs: Record<string, string>,
  run = checkHere,
): Promise<CheckResult> {
  const onServer = inputs['histories'] === undefined;
  const result = await run(workspace, {
    title: '[compatible-c1] Check orders for fraud',
    inputs: {
      ...(onServer ? { address: server.address, 'task-queue': taskQueue } : {}),
      ...inputs,
    },
  });
  await workspace.remove();
  // The credential is printed nowhere but where the runner is told to mask it.
  const shown = result.stdout.replace(/^::add-mask::.*$/gmu, '') + result.stderr + result.summary;
  const report = readFileSync(result.outputs['report'] ?? '', 'utf8');
  expect(shown + report + JSON.stringify(result.outputs)).not.toContain('4711');
  expect(reportProblems(JSON.parse(report))).toEqual([]);
  return result;
}

const withCodec = () => ({ 'codec-endpoint': `${codec.url}/{namespace}`, 'codec-auth': AUTH });
function driftOf({ outputs }: CheckResult): DriftReview {
  const report = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as {
    drift: DriftReview;
  };
  return report.drift;
}

/** What is wrong; a notice says what no history reaches. */
const said = ({ annotations }: CheckResult): string =>
  annotations.find(({ level }) => level !== 'notice')?.message ?? '';

describe('with the codec', () => {
  test('a compatible change is green: every execution was replayed, without a key in reach of the code', async () => {
    const before = codec.requests.length;
    const result = await check(withCodec());
    expect(said(result)).toBe('');
    expect(result.outputs).toMatchObject({ verdict: 'compatible', passed: '21', errored: '0' });
    expect(driftOf(result)).toMatchObject({ differences: [], undecoded: [] });
    const asked = codec.requests.slice(before);
    expect(asked.length).toBeGreaterThanOrEqual(21);
    expect(new Set(asked.map(({ path }) => path))).toEqual(
      new Set([`/${server.namespace}/decode`]),
    );
    expect(new Set(asked.map(({ namespace }) => namespace))).toEqual(new Set([server.namespace]));
  });

  inTier('middle', 'encrypted executions that break, and encrypted files', () => {
    test('an incompatible change is red at its line', async () => {
      const options: OrdersOptions = { patch: 'incompatible' };
      const result = await check(withCodec(), options);
      expect(result.outputs['verdict']).toBe('incompatible');
      const workspace = await ordersWorkspace(options);
      const lines = readFileSync(join(workspace.path, 'src/workflows/order.ts'), 'utf8').split(
        '\n',
      );
      await workspace.remove();
      expect(result.annotations[0]).toMatchObject({
        level: 'error',
        file: 'src/workflows/order.ts',
        line: lines.findIndex((line) => line.includes('await checkFraud(')) + 1,
      });
    });

    test('history files are decoded too', async () => {
      const fixtures = ['__tests__', 'fixtures', 'histories', 'orders-encrypted-1.24.0'];
      const result = await check(
        { ...withCodec(), histories: 'histories/*.json' },
        { patch: 'harmless' },
        ({ path }) =>
          cp(join(projectRoot, ...fixtures), join(path, 'histories'), { recursive: true }),
      );
      expect(said(result)).toBe('');
      expect(result.outputs).toMatchObject({ verdict: 'compatible', passed: '2' });
      expect(codec.requests.at(-1)?.path).toBe('/default/decode');
    });
  });

  test('the code under test sees neither the credential nor the endpoint', async () => {
    const workspace = await ordersWorkspace({
      files: { 'options.js': 'throw new Error(`sees ${JSON.stringify(process.env)}`);' },
    });
    const result = await checkIn(
      workspace,
      { ...withCodec(), 'replay-options': 'options.js' },
      checkPullRequest,
    );
    expect(said(result)).toMatch(/sees \{.*"PATH"/u);
    expect(said(result)).not.toMatch(/codec|INPUT_/iu);
  });
});

const ORDER = 'src/workflows/order.ts';

/** An argument and a timeout that every execution replays. */
async function drifting(): Promise<OrdersOptions> {
  const workspace = await ordersWorkspace();
  const source = readFileSync(join(workspace.path, ORDER), 'utf8');
  await workspace.remove();
  const text = source
    .replace(
      'sendReceipt(input.orderId, input.amount)',
      'sendReceipt(input.orderId, input.amount * 2)',
    )
    .replace("startToCloseTimeout: '10 seconds'", "startToCloseTimeout: '1 minute'");
  return { files: { [ORDER]: text } };
}

test('with the codec of replay-options instead, all is compared but payloads, which is said once', async () => {
  const result = await check({ 'replay-options': 'src/replay-options.ts' }, await drifting());
  expect(result.outputs).toMatchObject({ verdict: 'compatible', passed: '21' });
  const { differences, undecoded } = driftOf(result);
  expect(undecoded).toEqual(['binary/encrypted']);
  expect(new Set(differences.map(({ field }) => field))).toEqual(new Set(['startToCloseTimeout']));
  expect(result.summary.match(/were not compared/gu)).toHaveLength(1);
});

inTier('middle', 'payloads that a codec server decodes, compared', () => {
  test('with a codec server, payloads are compared too', async () => {
    const { differences } = driftOf(await check(withCodec(), await drifting()));
    expect(differences).toContainEqual(
      expect.objectContaining({ command: 'activity sendReceipt', field: 'argument 2' }),
    );
  });
});

describe('is red, with the way out:', () => {
  test('without a codec', async () => {
    const result = await check({});
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', 'task-failed': '0' });
    expect(result.outputs['errored']).not.toBe('0');
    expect(result.summary).toMatch(/encoded as binary.*encrypted.*codec&#45;endpoint/u);
    expect(result.summary).toMatch(/set replay&#45;options/u);
  });

  test('with another credential', async () => {
    const result = await checkJudged({
      ...withCodec(),
      'codec-auth': 'Bearer other-credential-4711',
    });
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
    expect(said(result)).toMatch(
      /refuses the credential of codec-auth \(HTTP 403.*correct codec-auth/u,
    );
  });

  test('without a credential', async () => {
    const result = await checkJudged({ 'codec-endpoint': codec.url });
    expect(said(result)).toMatch(/demands a credential \(HTTP 401.*set codec-auth/u);
  });

  test('with another path', async () => {
    const result = await checkJudged({ ...withCodec(), 'codec-endpoint': `${codec.url}/decode/` });
    expect(said(result)).toMatch(/ends in \/decode.*remove \/decode/u);
  });

  test('with a server that is down', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const result = await checkJudged({ 'codec-endpoint': endpoint });
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
    expect(said(result)).toMatch(/codec at .* cannot be reached .*ECONNREFUSED/u);
  });

  test('with a server that has another key', async () => {
    const other = await startCodecServer({ key: Buffer.alloc(32, 1) });
    const result = await checkJudged({ 'codec-endpoint': other.url });
    await other.stop();
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
    expect(said(result)).toMatch(/None of 5 histories could be decoded.*HTTP 400/u);
    // What it refused before is in the report.
    expect(Number(result.outputs['errored'])).toBeGreaterThan(0);
  });

  test('with one history that it refuses, and all others judged', async () => {
    const picky = await startCodecServer({
      instead: (attempt) => (attempt === 3 ? { status: 400, body: 'unknown key id' } : undefined),
    });
    const result = await checkJudged({ 'codec-endpoint': picky.url, 'fetch-concurrency': '1' });
    await picky.stop();
    expect(result.outputs).toMatchObject({ passed: '20', errored: '1', verdict: 'inconclusive' });
    expect(result.summary).toMatch(/cannot decode its payloads .*unknown key id/u);
  });

  test('with a server that breaks off, and what was judged until then is reported', async () => {
    const tired = await startCodecServer({
      instead: (attempt) => (attempt > 10 ? { status: 403, body: 'expired' } : undefined),
    });
    const result = await checkJudged({ 'codec-endpoint': tired.url, 'fetch-concurrency': '1' });
    await tired.stop();
    expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
    expect(Number(result.outputs['passed'])).toBeGreaterThanOrEqual(5);
  });
});

test('a title without a claim asks no codec, and needs none', async () => {
  const workspace = await judgedWorkspace();
  const result = await checkHere(workspace, {
    title: 'Check orders for fraud',
    inputs: { 'codec-auth': AUTH, 'codec-endpoint': 'ftp://nowhere' },
  });
  await workspace.remove();
  expect(result.exitCode).toBe(0);
  expect(result.outputs['verdict']).toBe('not-claimed');
});
