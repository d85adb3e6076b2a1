import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  checkOutBaseline,
  ordersWorkspace,
  type OrdersOptions,
} from '../../testing/orders-application.js';
import { JUDGED_INPUTS, judgedWorkspace, type Judgement } from '../../testing/judged-workspace.js';
import { ordersServer } from '../../testing/orders-server.js';
import { checkHere } from '../../testing/pull-request-check.js';
import { inTier } from '../../testing/tiers.js';
import { reportProblems } from '../../testing/report-schema.js';
import type { ActionResult } from '../../testing/run-action.js';
import { ThreeJobs, type ThreeJobsOptions } from '../../testing/three-jobs.js';
import type { Workspace } from '../../testing/workspace.js';

/** The three actions on a real server: each as a runner starts it, and in this process where that shows as much. */

let server: Awaited<ReturnType<typeof ordersServer>>;
beforeAll(async () => {
  server = await ordersServer();
});
afterAll(() => server.stop());

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const TITLE = '[compatible-v1.0] Check orders for fraud';
const connection = () => ({ address: server.address, 'task-queue': server.taskQueue });

async function threeJobs(
  change: OrdersOptions,
  options: Partial<ThreeJobsOptions> = {},
): Promise<{ jobs: ThreeJobs; workspace: Workspace }> {
  const workspace = await ordersWorkspace(change);
  return { jobs: await jobsIn(workspace, options), workspace };
}

/** For what goes on around the replay: what it comes to is said by a script. */
async function judgedJobs(
  judgement: Judgement = {},
  options: Partial<ThreeJobsOptions> = {},
): Promise<{ jobs: ThreeJobs }> {
  const workspace = await judgedWorkspace(judgement);
  return { jobs: await jobsIn(workspace, { replayInputs: JUDGED_INPUTS, here: true, ...options }) };
}

async function jobsIn(
  workspace: Workspace,
  options: Partial<ThreeJobsOptions>,
): Promise<ThreeJobs> {
  const jobs = await ThreeJobs.of(workspace, { title: TITLE, ...options });
  ends.push(
    () => jobs.stop(),
    () => workspace.remove(),
  );
  return jobs;
}

/** A result as somebody who forges may write it. */
interface EditableResult {
  container: string;
  shard: { of: number };
  commit: string;
  more?: boolean;
  checks: [
    { claim: string; outcomes: [{ read: number; kind: string; durationMs: number }, ...object[]] },
  ];
}

function changed(bytes: Buffer, change: (result: EditableResult) => unknown): Buffer {
  const result = JSON.parse(gunzipSync(bytes).toString('utf8')) as EditableResult;
  change(result);
  return gzipSync(JSON.stringify(result));
}

interface ReportFile {
  readonly [name: string]: unknown;
  readonly verdict: { readonly kind: string; readonly reason: string; readonly summary: string };
  readonly outcomes: readonly { readonly durationMs?: number }[];
  readonly drift: { readonly compared: number; readonly chosen: number };
}

function reportOf(result: ActionResult): ReportFile {
  const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as ReportFile;
  expect(reportProblems(report)).toEqual([]);
  return report;
}

/**
 * A report without what differs from run to run (when it was, and how long each replay took), and without
 * how much was looked into for drift: each shard looks into executions of its own.
 */
function timeless(report: ReportFile): object {
  return {
    ...report,
    asOf: undefined,
    // The fetch job asks about resets of all that it reads: what breaks is not known there.
    effort: undefined,
    drift: { ...report.drift, compared: undefined, chosen: undefined },
    outcomes: report.outcomes.map((outcome) => ({ ...outcome, durationMs: undefined })),
  };
}

describe('the merged report equals that of one job', () => {
  const equals = (
    what: string,
    patch: NonNullable<OrdersOptions['patch']>,
    shardings: readonly number[],
    here: boolean,
  ): void =>
    test(what, async () => {
      const { jobs, workspace } = await threeJobs({ patch }, { here });
      const alone = await checkHere(workspace, {
        title: TITLE,
        inputs: { ...connection(), 'show-workflow-ids': 'true' },
      });
      const fetched = await jobs.fetch(connection());
      expect(fetched.exitCode).toBe(0);
      for (const shards of shardings) {
        for (let index = 1; index <= shards; index += 1) {
          const replayed = await jobs.replay(fetched, `${index}/${shards}`);
          expect([replayed.exitCode, replayed.leftBehind ?? []]).toEqual([0, []]);
        }
        const merged = await jobs.report(fetched, shards, { 'show-workflow-ids': 'true' });
        expect(timeless(reportOf(merged))).toEqual(timeless(reportOf(alone)));
        expect(reportOf(merged).drift.compared).toBeGreaterThanOrEqual(
          reportOf(alone).drift.compared,
        );
        expect(merged.exitCode).toBe(alone.exitCode);
        expect(merged.annotations).toEqual(alone.annotations);
        for (const file of readdirSync(jobs.results)) rmSync(join(jobs.results, file));
      }
      expect(jobs.github.violations).toEqual([]);
    });
  equals('an incompatible change', 'incompatible', [2], false);
  inTier('middle', 'three jobs, of changes of other kinds', () => {
    equals('an incompatible change, over one shard and three', 'incompatible', [1, 3], true);
    equals('a compatible change', 'compatible', [2], true);
    equals('a type that is gone, and code that throws', ['type-renamed', 'throws'], [2], true);
  });

  test('over 1, 2, 4 and 8 replay jobs alike, to the last outcome', async () => {
    const judgement = { breaks: ['order', 'shipment'] };
    const { jobs } = await judgedJobs(judgement);
    const fetched = await jobs.fetch(connection());
    const reports: object[] = [];
    for (const shards of [1, 2, 4, 8]) {
      for (const name of readdirSync(jobs.results)) rmSync(join(jobs.results, name));
      const judged: number[] = [];
      for (let index = 1; index <= shards; index += 1) {
        await jobs.replay(fetched, `${index}/${shards}`);
        const name = `${index}-of-${shards}.json.gz`;
        const result = JSON.parse(
          gunzipSync(readFileSync(join(jobs.results, name))).toString('utf8'),
        ) as EditableResult;
        judged.push(result.checks[0].outcomes.length);
      }
      // Each has some of them, and all have each once.
      expect(Math.min(...judged)).toBeGreaterThan(0);
      const files = ['html', 'xml', 'sarif'].map((suffix) =>
        join(jobs.results, '..', `${shards}.${suffix}`),
      );
      const report = reportOf(
        await jobs.report(fetched, shards, {
          'show-workflow-ids': 'true',
          reports: files.join(','),
        }),
      );
      for (const file of files) expect(readFileSync(file, 'utf8')).toContain('shipment');
      expect(judged.reduce((sum, one) => sum + one, 0)).toBe(report.outcomes.length);
      reports.push(timeless(report));
    }
    const [alone, ...others] = reports;
    expect(alone).toMatchObject({ verdict: { kind: 'incompatible' } });
    for (const report of others) expect(report).toEqual(alone);
  }, 300_000);

  inTier('middle', 'three jobs with a baseline', () => {
    test('also with a baseline, whose commit and lines are those of the replay jobs', async () => {
      const { jobs, workspace } = await threeJobs({ patch: 'incompatible' }, { here: true });
      await checkOutBaseline(workspace, '.baseline', {});
      const baseline = { 'baseline-directory': '.baseline' };
      // The default hangs on whether the repository is public, which three jobs alone are told here.
      const visible = { 'show-workflow-ids': 'true' };
      const alone = await checkHere(workspace, {
        title: TITLE,
        inputs: { ...connection(), ...baseline, ...visible },
      });
      const merged = await jobs.run(2, { fetch: connection(), replay: baseline, report: visible });
      expect(timeless(reportOf(merged))).toEqual(timeless(reportOf(alone)));
    }, 400_000);
  });
});

describe('there is nothing to replay', () => {
  test('without a claim: green, without a result', async () => {
    const { jobs } = await judgedJobs({}, { title: 'Check orders for fraud' });
    const fetched = await jobs.fetch({ address: '127.0.0.1:9' });
    expect(fetched.outputs['replay']).toBe('false');
    const { outputs, exitCode } = await jobs.report(fetched, 2);
    expect([outputs['verdict'], outputs['reason'], exitCode]).toEqual([
      'not-claimed',
      'no-claim',
      0,
    ]);
  });

  test('with a build ID that the server does not know: red, with what it holds', async () => {
    const { jobs } = await judgedJobs({}, { title: '[compatible-v9] Check' });
    const fetched = await jobs.fetch(connection());
    expect(fetched.outputs['replay']).toBe('false');
    const { outputs, exitCode, annotations } = await jobs.report(fetched, 2);
    expect([outputs['reason'], exitCode]).toEqual(['unknown-build', 1]);
    expect(annotations[0]?.message).toMatch(/v1\.0, v2\.1/u);
  });

  test('where no execution matches: the replay jobs tell whether the code starts at all', async () => {
    const { jobs } = await judgedJobs();
    const fetched = await jobs.fetch({ ...connection(), query: 'WorkflowId = "nobody"' });
    expect(fetched.outputs['replay']).toBe('true');
    expect((await jobs.replay(fetched, '1/1')).exitCode).toBe(0);
    const { outputs, exitCode } = await jobs.report(fetched, 1);
    expect([outputs['reason'], exitCode]).toEqual(['query-mismatch', 1]);
  });

  test('where the server cannot be reached: red, with why', async () => {
    const { jobs } = await judgedJobs();
    const fetched = await jobs.fetch({ address: '127.0.0.1:9', 'task-queue': 'orders' });
    expect([fetched.exitCode, fetched.outputs['replay']]).toEqual([0, 'false']);
    const { outputs, exitCode, annotations } = await jobs.report(fetched, 1);
    expect([outputs['reason'], exitCode]).toEqual(['error', 1]);
    expect(annotations[0]?.message).toContain('127.0.0.1:9');
  });
});

describe('a result', () => {
  /** A compatible change over two shards, all of it green. */
  async function green(): Promise<{
    jobs: ThreeJobs;
    fetched: ActionResult;
    path: (name: string) => string;
  }> {
    const { jobs } = await judgedJobs();
    // Two types: enough to be shared out, and quick.
    const query = 'WorkflowType IN ("reminder", "shipment")';
    const fetched = await jobs.fetch({ ...connection(), query });
    for (const shard of ['1/2', '2/2']) await jobs.replay(fetched, shard);
    return { jobs, fetched, path: (name) => join(jobs.results, name) };
  }

  async function isRed(jobs: ThreeJobs, fetched: ActionResult, words: RegExp): Promise<void> {
    const { outputs, exitCode, annotations } = await jobs.report(fetched, 2);
    expect([outputs['verdict'], outputs['reason'], exitCode]).toEqual(['inconclusive', 'error', 1]);
    expect(annotations[0]?.message).toMatch(words);
  }

  test('that is missing, doubled, foreign, malformed or tampered with is red, in words', async () => {
    const { jobs, fetched, path } = await green();
    expect((await jobs.report(fetched, 2)).exitCode).toBe(0);
    const [one, two] = [readFileSync(path('1-of-2.json.gz')), readFileSync(path('2-of-2.json.gz'))];

    copyFileSync(path('1-of-2.json.gz'), path('copy.json.gz'));
    // The same file twice is one file.
    expect((await jobs.report(fetched, 2)).exitCode).toBe(0);

    writeFileSync(
      path('copy.json.gz'),
      changed(one, (result) => (result.checks[0].outcomes[0].durationMs = 1)),
    );
    await isRed(jobs, fetched, /Shard 1 of 2 is there twice, with different content/u);
    rmSync(path('copy.json.gz'));

    rmSync(path('2-of-2.json.gz'));
    await isRed(jobs, fetched, /The result of shard 2 of 2 is missing/u);

    const forged: [(result: EditableResult) => unknown, RegExp][] = [
      [(result) => (result.container = '0'.repeat(64)), /it is for another container/u],
      [(result) => (result.shard.of = 3), /of shard 2 of 3, and there are 2/u],
      [(result) => (result.commit = '1'.repeat(40)), /it replayed another commit/u],
      [(result) => (result.checks[0].claim = 'v2.0'), /it answers the claim "v2\.0"/u],
      [
        (result) => result.checks[0].outcomes.push(result.checks[0].outcomes[0]),
        /judges an execution twice/u,
      ],
      [(result) => (result.checks[0].outcomes[0].read = 99_999), /that is not its own \(99999\)/u],
      [(result) => (result.checks[0].outcomes[0].kind = 'gone'), /cannot be that/u],
      [(result) => (result.more = true), /it is no result/u],
    ];
    for (const [change, words] of forged) {
      writeFileSync(path('2-of-2.json.gz'), changed(two, change));
      await isRed(jobs, fetched, words);
    }
    writeFileSync(path('2-of-2.json.gz'), 'no gzip');
    await isRed(jobs, fetched, /it is no compressed JSON/u);
    writeFileSync(path('2-of-2.json.gz'), two.subarray(0, two.length - 20));
    await isRed(jobs, fetched, /it is no compressed JSON/u);

    writeFileSync(path('2-of-2.json.gz'), two);
    expect((await jobs.report(fetched, 2)).exitCode).toBe(0);
  });

  test('that leaves executions out confirms nothing of them', async () => {
    const { jobs, fetched, path } = await green();
    const bytes = changed(readFileSync(path('2-of-2.json.gz')), ({ checks: [check] }) =>
      Object.assign(check, { outcomes: [] }),
    );
    writeFileSync(path('2-of-2.json.gz'), bytes);
    const { outputs, exitCode } = await jobs.report(fetched, 2);
    expect([outputs['verdict'], exitCode]).toEqual(['inconclusive', 1]);
  });

  test('of a job that was killed or cancelled is missing, or tells so; run again it is whole', async () => {
    const { jobs } = await threeJobs({ patch: 'compatible' });
    const fetched = await jobs.fetch({ ...connection(), query: 'WorkflowType = "reminder"' });
    await jobs.replay(fetched, '1/2');
    for (const end of ['kill', 'cancel'] as const) {
      const running = await jobs.startReplay(fetched, '2/2');
      await running.untilLogged(/Shard 2 of 2 replays/u);
      if (end === 'kill') running.kill('SIGKILL');
      else await running.cancel();
      expect((await running.finished).exitCode).not.toBe(0);
      const { outputs, exitCode, annotations } = await jobs.report(fetched, 2);
      expect([outputs['verdict'], exitCode]).toEqual(['inconclusive', 1]);
      expect(annotations[0]?.message).toMatch(
        end === 'kill' ? /The result of shard 2 of 2 is missing/u : /cancelled/u,
      );
    }
    await jobs.replay(fetched, '2/2');
    expect((await jobs.report(fetched, 2)).outputs['verdict']).toBe('compatible');
  });

  test('of a break counts also where another shard has none', async () => {
    const { jobs } = await judgedJobs({
      breaks: ['order', 'reminder', 'shipment', 'customerAccount'],
    });
    const fetched = await jobs.fetch(connection());
    await jobs.replay(fetched, '1/2');
    const { outputs, exitCode, summary } = await jobs.report(fetched, 2);
    expect([outputs['verdict'], exitCode]).toEqual(['incompatible', 1]);
    expect(summary).toMatch(/The result of shard 2 of 2 is missing/u);
  });
});

describe('the container', () => {
  const query = { query: 'WorkflowType = "reminder"' };
  const passphrase = { 'container-passphrase': 'correct horse battery staple' };

  test('is encrypted with a passphrase, and only that opens it', async () => {
    const { jobs } = await judgedJobs({}, { isPrivate: false });
    const fetched = await jobs.fetch({ ...connection(), ...query, ...passphrase });
    expect(fetched.exitCode).toBe(0);
    const bytes = readFileSync(fetched.outputs['container'] ?? '');
    expect(bytes.includes('reminder')).toBe(false);
    const wrong = await jobs.replay(fetched, '1/1', {
      'container-passphrase': 'another horse battery staple',
    });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.annotations[0]?.message).toMatch(/the passphrase does not open it/u);
    expect((await jobs.replay(fetched, '1/1')).annotations[0]?.message).toMatch(/it is encrypted/u);
    expect((await jobs.replay(fetched, '1/1', passphrase)).exitCode).toBe(0);
    expect((await jobs.report(fetched, 1, passphrase)).outputs['verdict']).toBe('compatible');
  });

  test('must be encrypted in a public repository', async () => {
    const { jobs } = await judgedJobs({}, { isPrivate: false });
    const fetched = await jobs.fetch({ ...connection(), ...query });
    const { outputs, exitCode, annotations } = await jobs.report(fetched, 1);
    expect([outputs['reason'], exitCode]).toEqual(['error', 1]);
    expect(annotations[0]?.message).toMatch(/public, and the container is not encrypted/u);
  });

  test("holds nothing for a fork's head, unless that is allowed", async () => {
    const { jobs } = await judgedJobs({}, { headRepository: 'octocat/orders' });
    const refused = await jobs.fetch({ ...connection(), ...query });
    expect([refused.outputs['histories'], refused.outputs['replay']]).toEqual(['0', 'false']);
    const { annotations, exitCode } = await jobs.report(refused, 1);
    expect([exitCode, annotations[0]?.message]).toEqual([
      1,
      expect.stringMatching(/head is in a fork/u),
    ]);
    const allowed = await jobs.fetch({ ...connection(), ...query, 'allow-forks': 'true' });
    expect(allowed.outputs['replay']).toBe('true');
  });

  test('that was tampered with, cut, or is of another run is refused', async () => {
    const { jobs } = await judgedJobs();
    const fetched = await jobs.fetch({ ...connection(), ...query });
    const other = await jobs.fetch({ ...connection(), ...query, 'max-histories': '1' });
    const path = fetched.outputs['container'] ?? '';
    const bytes = readFileSync(path);
    const says = async (words: RegExp): Promise<void> => {
      const { outputs, exitCode, annotations } = await jobs.report(fetched, 1);
      expect([outputs['verdict'], outputs['reason'], exitCode]).toEqual([
        'inconclusive',
        'error',
        1,
      ]);
      expect(annotations[0]?.message).toMatch(words);
    };
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    await says(/it is cut off/u);
    const flipped = Buffer.from(bytes);
    flipped[200] = (flipped[200] ?? 0) ^ 1;
    writeFileSync(path, flipped);
    await says(/it is damaged/u);
    copyFileSync(other.outputs['container'] ?? '', path);
    await says(/not the container that the fetch job wrote/u);
    rmSync(path);
    await says(/cannot be read \(ENOENT\)/u);
  });

  test('without the digest of a fetch job is taken by no report', async () => {
    const { jobs } = await judgedJobs();
    const { outputs, annotations } = await jobs.report({ outputs: { container: '/nowhere' } }, 1);
    expect(outputs['verdict']).toBe('inconclusive');
    expect(annotations[0]?.message).toMatch(/container-digest is empty/u);
  });
});

describe('a replay job', () => {
  test.each([
    ['an API key', {}, { TEMPORAL_API_KEY: 'secret-value' }, /the variable TEMPORAL_API_KEY/u],
    ['an address', {}, { TEMPORAL_ADDRESS: 'temporal:7233' }, /the variable TEMPORAL_ADDRESS/u],
    [
      'a key under any name',
      {},
      { CERT: '-----BEGIN PRIVATE KEY-----\nabc' },
      /the variable CERT/u,
    ],
  ])('does not begin with %s in reach, and tells no value', async (_, inputs, env, words) => {
    const { jobs } = await judgedJobs();
    const result = await jobs.replay({ outputs: { container: '/nowhere' } }, '1/1', inputs, env);
    expect(result.exitCode).toBe(1);
    expect(result.annotations[0]?.message).toMatch(words);
    expect(result.stdout).not.toMatch(/secret-value|BEGIN/u);
  });

  test('at another commit than the container is for is red, with both', async () => {
    const { jobs } = await judgedJobs();
    const fetched = await jobs.fetch({ ...connection(), query: 'WorkflowType = "reminder"' });
    const { jobs: elsewhere } = await judgedJobs({ breaks: ['nothing'] });
    await elsewhere.replay(fetched, '1/1', { result: join(jobs.results, '1-of-1.json.gz') });
    const { outputs, exitCode } = await jobs.report(fetched, 1);
    expect([outputs['reason'], exitCode]).toEqual(['wrong-checkout', 1]);
  });
});

test('a title that changed since it was fetched is red', async () => {
  const { jobs } = await judgedJobs();
  const fetched = await jobs.fetch({ ...connection(), query: 'WorkflowType = "reminder"' });
  await jobs.replay(fetched, '1/1');
  jobs.github.rename('Check orders for fraud');
  const { outputs, exitCode } = await jobs.report(fetched, 1);
  expect([outputs['reason'], exitCode]).toEqual(['moved', 1]);
});
