import type { Replayed } from '../gate/replayed.js';
import { isBreak } from '../model/outcome.js';
import type { Problem } from '../model/report.js';
import { readable, truncate } from '../untrusted/readable.js';
import type { FetchedCheck, Manifest, StoredRead } from './manifest.js';
import { decodeResult, type ResultFile, type ResultOfCheck } from './result-file.js';
import { shareOfCheck } from './share-of-check.js';
import { claimOf, restoreReplayed } from './stored-replay.js';

/** A file that was found. Whoever wrote it chose its name. */
export interface FoundFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface CollectedResults {
  /** For each check of the container, what each shard found, in the order of the shards. */
  readonly replayed: readonly (readonly Replayed[])[];
  /** What is missing, doubled, foreign or malformed: then nothing is confirmed. */
  readonly problem?: Problem;
}

interface Accepted {
  readonly name: string;
  readonly bytes: Buffer;
  readonly result: ResultFile;
}

/**
 * The results of all shards. Each is read as if the code under test had written it. A good result counts even
 * where another is bad: a break that was seen is true. But the check is whole only when all results are there
 * and agree with the container and with each other.
 */
export async function collectResults(
  files: readonly FoundFile[],
  container: { readonly digest: string; readonly manifest: Manifest },
  shards: number,
): Promise<CollectedResults> {
  const { checks } = container.manifest;
  const faults: string[] = [];
  const byShard = new Map<number, Accepted>();
  const doubled = new Set<number>();
  for (const { name, bytes } of files) {
    const result = await decodeResult(bytes);
    const fault =
      typeof result === 'string' ? result : faultOf(result, container.digest, checks, shards);
    if (typeof result === 'string' || fault !== undefined) {
      faults.push(`${shown(name)} is not used: ${fault ?? ''}`);
      continue;
    }
    const { index } = result.shard;
    const twin = byShard.get(index);
    if (twin === undefined) byShard.set(index, { name, bytes, result });
    else if (!twin.bytes.equals(bytes)) {
      doubled.add(index);
      faults.push(
        `shard ${index} of ${shards} is there twice, with different content: ${shown(twin.name)}, ${shown(name)}`,
      );
    }
  }
  // Nothing tells which of two is right, so neither is taken.
  for (const index of doubled) byShard.delete(index);
  const missing = Array.from({ length: shards }, (_, index) => index + 1).filter(
    (index) => !byShard.has(index) && !doubled.has(index),
  );
  if (missing.length > 0) {
    const [word, are] = missing.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
    faults.push(`the result of ${word} ${missing.join(', ')} of ${shards} ${are} missing`);
  }
  const accepted = [...byShard.values()].sort(
    (a, b) => a.result.shard.index - b.result.shard.index,
  );
  const agreeing = thoseThatAgree(accepted, faults);
  const problem = problemOf(faults);
  return {
    replayed: checks.map((check, index) =>
      agreeing.flatMap(({ result }) => {
        const own = result.checks[index];
        return own === undefined || !check.isToReplay
          ? []
          : [restoreReplayed(own, result.commit, check)];
      }),
    ),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Why a result does not belong to this run, or says something impossible. */
function faultOf(
  result: ResultFile,
  digest: string,
  checks: readonly FetchedCheck[],
  shards: number,
): string | undefined {
  const { shard, container } = result;
  if (container !== digest) {
    return `it is for another container (${container.slice(0, 12)}, not ${digest.slice(0, 12)})`;
  }
  if (shard.of !== shards || shard.index > shards) {
    return `it is of shard ${shard.index} of ${shard.of}, and there are ${shards}`;
  }
  if (result.checks.length !== checks.length) {
    return `it answers ${result.checks.length} claims, and the container has ${checks.length}`;
  }
  for (const [index, check] of checks.entries()) {
    const own = result.checks[index];
    const fault = own === undefined ? 'a claim is missing' : faultOfCheck(own, check, result);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfCheck(
  own: ResultOfCheck,
  check: FetchedCheck,
  { shard }: ResultFile,
): string | undefined {
  const claim = claimOf(check);
  if (own.claim !== claim) {
    return `it answers the claim ${shown(own.claim ?? 'none')}, and the claim is ${shown(claim ?? 'none')}`;
  }
  const share = new Set(shareOfCheck(check, shard));
  const kinds = new Map<number, string>();
  for (const { read, kind } of own.outcomes) {
    const stored = check.reads[read];
    if (stored === undefined || !share.has(read)) {
      return `it judges an execution that is not its own (${read})`;
    }
    if (kinds.has(read)) return `it judges an execution twice (${read})`;
    if (!canBe(kind, stored)) {
      return `it says "${kind}" of an execution that cannot be that (${read})`;
    }
    kinds.set(read, kind);
  }
  const explained = new Set<number>();
  for (const { executions, example, outcome, workflowType, baseline } of own.causes) {
    for (const { read } of executions) {
      const type =
        check.fetched.listing.executions[check.reads[read]?.execution ?? -1]?.workflowType;
      if (kinds.get(read) !== outcome || type !== workflowType || explained.has(read)) {
        return `a finding of it names an execution that does not break so (${read})`;
      }
      explained.add(read);
    }
    if (!executions.some(({ read }) => read === example.read)) {
      return `a finding of it is shown by an execution that it does not hit (${example.read})`;
    }
    if (baseline !== undefined && own.baseline === undefined) {
      return 'a finding of it speaks of a baseline, and there is none';
    }
  }
  return undefined;
}

/** Whether a history can have this outcome: how it was read decides a part before any replay. */
function canBe(kind: ResultOfCheck['outcomes'][number]['kind'], read: StoredRead): boolean {
  switch (read.kind) {
    case 'gone':
      return kind === 'gone';
    case 'unreadable':
      return kind === 'errored';
    case 'read':
      return read.history.completedTasks === 0
        ? kind === 'skipped' || kind === 'errored'
        : kind === 'passed' || kind === 'errored' || isBreak({ kind });
  }
}

/** All results, or only those that replayed the same code as the first. */
function thoseThatAgree(accepted: readonly Accepted[], faults: string[]): readonly Accepted[] {
  const [first] = accepted;
  if (first === undefined) return [];
  return accepted.filter(({ name, result }) => {
    const differs = differenceOf(first.result, result);
    if (differs !== undefined) {
      faults.push(`${shown(name)} is not used: ${differs} than ${shown(first.name)}`);
    }
    return differs === undefined;
  });
}

function differenceOf(one: ResultFile, other: ResultFile): string | undefined {
  if (one.commit !== other.commit) return 'it replayed another commit';
  for (const [index, { replayer, baseline }] of one.checks.entries()) {
    const there = other.checks[index];
    if (differ(sdkOf(replayer), sdkOf(there?.replayer))) return 'it replayed with another SDK';
    if (differ(baseline?.commit, there?.baseline?.commit)) {
      return 'it compared with another baseline';
    }
  }
  return undefined;
}

function sdkOf(replayer: ResultOfCheck['replayer']): string | undefined {
  return replayer === undefined
    ? undefined
    : `${replayer.language} ${replayer.sdkName} ${replayer.sdkVersion}`;
}

/** A result that ended early knows less, so a missing value is no difference. */
function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function problemOf([first, ...others]: readonly string[]): Problem | undefined {
  if (first === undefined) return undefined;
  const found = [`${first.slice(0, 1).toUpperCase()}${first.slice(1)}`, ...others].join('; ');
  return {
    found: truncate(found, 2_000),
    expected: 'one result of each replay job of this run, for the container of this run',
    fix:
      'look at the replay jobs: one that failed, was cancelled or was skipped leaves no result. Run them ' +
      'again, upload with overwrite, and give the same number of shards to all jobs',
  };
}

function shown(name: string): string {
  return `"${truncate(readable(name), 120)}"`;
}
