import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';
import { collectResults, type FoundFile } from '../../src/container/collect-results.js';
import { ContainerWriter } from '../../src/container/container-file.js';
import { FetchContainer } from '../../src/container/fetch-container.js';
import { FetchedHistories } from '../../src/container/fetched-histories.js';
import {
  encodeManifest,
  type FetchedCheck,
  type StoredSubject,
} from '../../src/container/manifest.js';
import { encodeResult, RESULT_VERSION, type ResultFile } from '../../src/container/result-file.js';
import { shareOfCheck } from '../../src/container/share-of-check.js';
import { claimOf, storeReplayed } from '../../src/container/stored-replay.js';
import type { GateParts } from '../../src/gate/parts.js';
import { runGate } from '../../src/gate/gate.js';
import { executionKey } from '../../src/model/coverage.js';
import type { Execution } from '../../src/model/execution.js';
import type { Report } from '../../src/model/report.js';
import { UserError } from '../../src/model/user-error.js';
import { fetchCheck, replayCheck, reportCheck } from '../../src/container/three-jobs.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { aClosedExecution, anExecution, executions } from '../builders/executions.js';
import { FakeReplayers, type AnswerTo } from '../builders/fake-replayers.js';
import { aSubject, COMMIT, FakeParts, gateSettings } from '../builders/gate-parts.js';
import { aFinding } from '../builders/findings.js';
import { itemAt } from '../builders/item-at.js';

/** The three jobs in one process, with files between them, on a server and processes that are made up. */

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder('three-jobs');
});
afterAll(() => removeFolder(folder));

const settings = gateSettings();
let containers = 0;

type MakeParts = () => FakeParts;

async function fetchInto(parts: FakeParts): Promise<FetchedHistories> {
  containers += 1;
  const path = join(folder, `${containers}.trc`);
  const container = await FetchContainer.create(path, undefined);
  await fetchCheck(settings, parts, container);
  const { timeBudgetMs, historyTimeoutMs } = settings.budget;
  await container.finish({
    policy: settings.policy,
    replayLimits: { timeBudgetMs, historyTimeoutMs },
    reading: { claimsBuildId: false, claimPosition: 'start' },
  });
  return FetchedHistories.open(path, {});
}

async function replayShard(
  container: FetchedHistories,
  shard: { readonly index: number; readonly of: number },
  parts: FakeParts,
): Promise<ResultFile> {
  const checks = [];
  for (const check of container.manifest.checks) {
    if (!isReplayable(check)) {
      checks.push({
        claim: claimOf(check),
        outcomes: [],
        causes: [],
        driftFound: [],
        notes: [],
        cancelled: false,
      });
      continue;
    }
    const share = shareOfCheck(check, shard);
    const replayed = await replayCheck(check, share, COMMIT, container, settings, parts);
    checks.push(storeReplayed(replayed, check));
  }
  return {
    version: RESULT_VERSION,
    container: container.digest,
    shard,
    commit: COMMIT,
    checks,
  };
}

function isReplayable(check: FetchedCheck): check is FetchedCheck & { subject: StoredSubject } {
  return check.isToReplay;
}

async function report(
  container: FetchedHistories,
  files: readonly FoundFile[],
  shards: number,
  parts: FakeParts,
): Promise<Report> {
  const collected = await collectResults(files, container, shards);
  return reportCheck(
    itemAt(container.manifest.checks, 0),
    {
      replayed: itemAt(collected.replayed, 0),
      ...(collected.problem === undefined ? {} : { problem: collected.problem }),
    },
    container.manifest.policy,
    parts,
  );
}

async function resultsOf(
  container: FetchedHistories,
  shards: number,
  parts: MakeParts,
): Promise<ResultFile[]> {
  const results: ResultFile[] = [];
  for (let index = 1; index <= shards; index += 1) {
    results.push(await replayShard(container, { index, of: shards }, parts()));
  }
  return results;
}

async function filesOf(results: readonly ResultFile[]): Promise<FoundFile[]> {
  return Promise.all(
    results.map(async (result, index) => ({
      name: `${index}.json.gz`,
      bytes: await encodeResult(result),
    })),
  );
}

async function inThreeJobs(parts: MakeParts, shards: number): Promise<Report> {
  const container = await fetchInto(parts());
  const files = await filesOf(await resultsOf(container, shards, parts));
  const merged = await report(container, files, shards, parts());
  await container.close();
  return merged;
}

/** Which of the executions fares how. */
const FATES = ['passed', 'ships', 'refunds', 'throws', 'stuck', 'gone', 'unreadable'] as const;
type Fate = (typeof FATES)[number];

const ANSWERS: Readonly<Record<Exclude<Fate, 'gone' | 'unreadable'>, AnswerTo>> = {
  passed: () => ({ outcome: 'passed', durationMs: 1 }),
  ships: () => diverges('ship'),
  refunds: () => diverges('refund'),
  throws: () => ({ outcome: 'task-failed', message: 'TypeError: x is not a function' }),
  stuck: () => ({ kind: 'timeout' }),
};

function diverges(name: string): ReturnType<AnswerTo> {
  return {
    outcome: 'nondeterministic',
    message: 'Nondeterminism error: No command for HistoryEvent(id: 5, TimerStarted)',
    commands: [{ command: 'ScheduleActivityTask', name, historyLength: 3 }],
  };
}

/** A server and processes in which each execution fares as it is said. */
function partsWith(listed: readonly Execution[], fates: readonly Fate[]): MakeParts {
  const fateOf = new Map(listed.map((execution, index) => [executionKey(execution), fates[index]]));
  return () => {
    const replayers = new FakeReplayers((message) => {
      const fate = fateOf.get(executionKey(message)) ?? 'passed';
      return fate === 'gone' || fate === 'unreadable'
        ? { kind: 'timeout' }
        : ANSWERS[fate](message);
    });
    const parts = new FakeParts(listed, replayers);
    const read = parts.readHistories.bind(parts);
    parts.readHistories = async function* (chosen, stop) {
      for await (const one of read(chosen, stop)) {
        const { execution } = one;
        const fate = fateOf.get(executionKey(execution));
        if (fate === 'gone') yield { kind: 'gone', execution };
        else if (fate === 'unreadable') yield { kind: 'unreadable', execution, message: 'torn' };
        else yield one;
      }
    };
    return parts;
  };
}

describe('the merged report equals that of one job', () => {
  test('whatever becomes of the executions, for any number of shards', async () => {
    const fates = fc.array(fc.record({ fate: fc.constantFrom(...FATES), isOpen: fc.boolean() }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fates, fc.integer({ min: 1, max: 5 }), async (given, shards) => {
        const listed = given.map(({ isOpen }) => (isOpen ? anExecution() : aClosedExecution()));
        const parts = partsWith(
          listed,
          given.map(({ fate }) => fate),
        );
        const alone = await runGate(settings, parts());
        expect(await inThreeJobs(parts, shards)).toEqual(alone);
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, (parts: FakeParts) => void]>([
    [
      'no claim',
      (parts) => (parts.readSubject = () => Promise.resolve(aSubject({ title: 'Wait' }))),
    ],
    [
      'an unknown build',
      (parts) =>
        (parts.resolveTarget = () =>
          Promise.resolve({ kind: 'unknown-build', explanation: 'No.' })),
    ],
    ['a title that cannot be read', (parts) => (parts.readSubject = rejects)],
    ['a server that refuses', (parts) => (parts.resolveTarget = rejects)],
    ['an application that does not start', (parts) => (parts.replayers.ready = rejects)],
    ['a title that moves', (parts) => (parts.recheckSubject = () => Promise.resolve(MOVED))],
  ])('with %s', async (_, change) => {
    const make = (): FakeParts => {
      const parts = new FakeParts([anExecution(), aClosedExecution()]);
      change(parts);
      return parts;
    };
    const [alone, merged] = [await runGate(settings, make()), await inThreeJobs(make, 2)];
    expect(merged.verdict).toEqual(alone.verdict);
    expect(merged.warnings).toEqual(alone.warnings);
    expect(merged.problem).toEqual(alone.problem);
  });

  test('also about the resets, which are asked for while there are credentials', async () => {
    const listed = [aClosedExecution(), anExecution()];
    const make = (): FakeParts => {
      const parts = partsWith(listed, ['ships', 'passed'])();
      parts.findLeftByReset = (asked) => Promise.resolve(new Set(asked.map(executionKey)));
      return parts;
    };
    const container = await fetchInto(make());
    const check = itemAt(container.manifest.checks, 0);
    expect(check.leftByReset).toEqual({
      kind: 'known',
      keys: [executionKey(itemAt(listed, 0))],
    });
    await container.close();
  });
});

const MOVED = { reason: 'moved', summary: 'The title changed.' } as const;
const rejects = (): Promise<never> =>
  Promise.reject(new UserError({ found: 'The server is gone', fix: 'start it' }));

test('a container whose manifest leaves out a history that it holds cannot be used', async () => {
  const without = await fetchInto(new FakeParts([]));
  await without.close();
  const path = join(folder, 'more.trc');
  const writer = await ContainerWriter.create(path, undefined);
  await writer.add(Buffer.from('a history'));
  await writer.finish(encodeManifest(without.manifest));
  await expect(FetchedHistories.open(path, {})).rejects.toThrow(
    /its manifest names other histories than it holds/u,
  );
});

describe('results that are not whole', () => {
  const listed = executions(9);
  const green: MakeParts = () => new FakeParts(listed);

  test('are never green, whichever of them are missing', async () => {
    const container = await fetchInto(green());
    const files = await filesOf(await resultsOf(container, 4, green));
    await fc.assert(
      fc.asyncProperty(fc.subarray(files), async (some) => {
        const { verdict } = await report(container, some, 4, green());
        expect(verdict.passes).toBe(some.length === 4);
      }),
    );
    await container.close();
  });

  test('are never green, also where a shard that had nothing to do is missing', async () => {
    const one: MakeParts = () => new FakeParts(executions(1));
    const parts = one();
    const container = await fetchInto(parts);
    const files = await filesOf(await resultsOf(container, 3, () => parts));
    const whole = await report(container, files, 3, parts);
    expect(whole.verdict.passes).toBe(true);
    for (const missing of [1, 2]) {
      const { verdict } = await report(
        container,
        files.filter((_, index) => index !== missing),
        3,
        parts,
      );
      expect(verdict).toMatchObject({ kind: 'inconclusive', passes: false });
      expect(verdict.summary).toContain(`The result of shard ${missing + 1} of 3 is missing.`);
    }
    await container.close();
  });

  test.each<[string, (result: Editable) => unknown, RegExp]>([
    [
      'for another container',
      (result) => (result.container = '0'.repeat(64)),
      /"1\.json\.gz" is not used: it is for another container \(0{12}, not /u,
    ],
    [
      'of another number of shards',
      ({ shard }) => (shard.of = 3),
      /of shard 2 of 3, and there are 2/u,
    ],
    ['of no shard', ({ shard }) => (shard.index = 3), /of shard 3 of 2, and there are 2/u],
    [
      'of another commit',
      (result) => (result.commit = 'e'.repeat(40)),
      /it replayed another commit/u,
    ],
    ['of another claim', ({ checks: [check] }) => (check.claim = 'v2'), /answers the claim "v2"/u],
    ['of more claims', ({ checks }) => checks.push({ ...checks[0] }), /it answers 2 claims/u],
    [
      'with another SDK',
      ({ checks: [{ replayer }] }) => (replayer.sdkVersion = '1.0.0'),
      /it replayed with another SDK/u,
    ],
    [
      'with an execution of another shard',
      ({ checks: [{ outcomes }] }) => (outcomes[0].read = 0),
      /judges an execution that is not its own \(0\)/u,
    ],
    [
      'with an execution twice',
      ({ checks: [{ outcomes }] }) => outcomes.push(outcomes[0]),
      /judges an execution twice/u,
    ],
    [
      'that calls one skipped which has a history',
      ({ checks: [{ outcomes }] }) => (outcomes[0].kind = 'skipped'),
      /says "skipped" of an execution that cannot be that/u,
    ],
    [
      'with a finding over one that passed',
      ({ checks: [check] }) =>
        (check.causes = [{ ...aStoredFinding(), executions: [{ read: 1, task: {} }] }]),
      /a finding of it names an execution that does not break so \(1\)/u,
    ],
    [
      'with a place outside of the repository',
      ({ checks: [check] }) =>
        (check.causes = [
          {
            ...aStoredFinding(),
            divergence: { kind: 'threw', location: { file: '../x', line: 1 } },
          },
        ]),
      /a path inside the repository/u,
    ],
    ['with more in it', (result) => (result.more = 'x'), /it is no result \(/u],
    ['with a longer text', ({ checks: [check] }) => check.notes.push('x'.repeat(200_000)), /^$/u],
  ])('%s are not used, in words', async (_, change, words) => {
    const container = await fetchInto(green());
    const [one, two] = await resultsOf(container, 2, green);
    const forged = structuredClone(two) as unknown as Editable;
    change(forged);
    const files = await filesOf([itemAt([one], 0) as ResultFile, forged as unknown as ResultFile]);
    const { verdict } = await report(container, files, 2, green());
    // A text that is too long is cut when it is written.
    expect(verdict.passes).toBe(words.source === '^$');
    if (!verdict.passes) expect(verdict.summary).toMatch(words);
    await container.close();
  });

  test('that call one vanished which could not be read are not used: that would be green', async () => {
    const parts = partsWith([anExecution(), anExecution()], ['passed', 'unreadable']);
    const container = await fetchInto(parts());
    const [forged] = structuredClone(await resultsOf(container, 1, parts)) as unknown as [Editable];
    for (const outcome of forged.checks[0].outcomes) {
      if (outcome.kind === 'errored') outcome.kind = 'gone';
    }
    const files = await filesOf([forged as unknown as ResultFile]);
    const { verdict } = await report(container, files, 1, parts());
    expect(verdict.passes).toBe(false);
    expect(verdict.summary).toMatch(/says "gone" of an execution that cannot be that \(1\)/u);
    await container.close();
  });

  test('are refused where two of one shard differ, and none of the two is taken', async () => {
    const make = partsWith(listed, ['passed']);
    const container = await fetchInto(make());
    const [one, two] = await resultsOf(container, 2, make);
    if (one === undefined || two === undefined) throw new Error('two shards');
    const again = structuredClone(two) as unknown as Editable;
    again.checks[0].notes.push('another run');
    const files = await filesOf([one, two, again as unknown as ResultFile]);
    const { verdict, outcomes } = await report(container, files, 2, make());
    expect(verdict.summary).toContain(
      'Shard 2 of 2 is there twice, with different content: "1.json.gz", "2.json.gz".',
    );
    expect(verdict.passes).toBe(false);
    expect(outcomes).toHaveLength(itemAt(one.checks, 0).outcomes.length);
    await container.close();
  });

  test('are not more when they come in another order, or some of them twice', async () => {
    const container = await fetchInto(green());
    const files = await filesOf(await resultsOf(container, 3, green));
    const alone = await runGate(settings, green());
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...files, ...files], { minLength: 6 }),
        async (shuffled) => {
          expect(await report(container, shuffled, 3, green())).toEqual(alone);
        },
      ),
    );
    await container.close();
  });

  test('whose bytes are any other ones crash nothing, and pass only where nothing of them is lost', async () => {
    const container = await fetchInto(green());
    const [one, two] = await filesOf(await resultsOf(container, 2, green));
    if (one === undefined || two === undefined) throw new Error('two shards');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: two.bytes.length - 1 }), fc.nat({ max: 255 })), {
          minLength: 1,
          maxLength: 5,
        }),
        async (changes) => {
          const bytes = Buffer.from(two.bytes);
          for (const [at, value] of changes) bytes[at] = value;
          const { verdict, outcomes } = await report(
            container,
            [one, { name: 'changed', bytes }],
            2,
            green(),
          );
          if (verdict.passes) expect(outcomes).toHaveLength(9);
        },
      ),
      { numRuns: 300 },
    );
    await container.close();
  });

  test('of which any field is another value are refused or judged, and never crash', async () => {
    const make = partsWith(listed, ['ships', 'throws', 'passed', 'stuck']);
    const container = await fetchInto(make());
    const results = await resultsOf(container, 2, make);
    const places = placesIn(results[1]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue(), async (place, value) => {
        const changed: unknown = structuredClone(results[1]);
        set(changed, place, value);
        const files = await filesOf([itemAt(results, 0), changed as ResultFile]);
        const { verdict } = await report(container, files, 2, make());
        // What the good one holds is true, whatever the other says.
        const good = itemAt(results, 0).checks[0]?.causes.length ?? 0;
        expect(verdict.passes).toBe(false);
        if (good > 0) expect(verdict.kind).toBe('incompatible');
      }),
      { numRuns: 300 },
    );
    await container.close();
  });
});

/** A result as somebody who forges may write it. */
interface Editable {
  container: string;
  shard: { index: number; of: number };
  commit: string;
  more?: string;
  checks: [EditableCheck, ...EditableCheck[]];
}

interface EditableCheck {
  claim: string;
  replayer: { sdkVersion: string };
  outcomes: [{ read: number; kind: string }, ...{ read: number; kind: string }[]];
  causes: object[];
  notes: string[];
}

function aStoredFinding(): object {
  const { weight: _weight, executions: _executions, ...finding } = aFinding();
  return {
    ...finding,
    roots: { own: [], maybe: [] },
    key: 'a',
    passed: [],
    example: { read: 1, isRecorded: true },
    executions: [{ read: 1, task: {} }],
  };
}

type Place = readonly (string | number)[];

/** Every place in a value, the leaves and what holds them. */
function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const below = Object.entries(value).flatMap(([key, child]) => placesIn(child, [...at, key]));
  return at.length === 0 ? below : [at, ...below];
}

function set(value: unknown, place: Place, to: unknown): void {
  let holder = value as Record<string | number, unknown>;
  for (const key of place.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  holder[itemAt(place, place.length - 1)] = to;
}

test('a checkout at another commit is told by its commit, and nothing of it counts', async () => {
  const make: MakeParts = () => {
    const parts = new FakeParts([anExecution()]);
    parts.checkSubject = ({ commit, acceptedCommits }): ReturnType<GateParts['checkSubject']> =>
      Promise.resolve(
        commit !== undefined && acceptedCommits.includes(commit)
          ? undefined
          : { reason: 'wrong-checkout', summary: 'Another commit.' },
      );
    return parts;
  };
  const container = await fetchInto(make());
  const results = await resultsOf(container, 1, make);
  const elsewhere = results.map((result) => ({ ...result, commit: 'e'.repeat(40) }));
  const { verdict } = await report(container, await filesOf(elsewhere), 1, make());
  expect([verdict.kind, verdict.reason]).toEqual(['inconclusive', 'wrong-checkout']);
  await container.close();
});
