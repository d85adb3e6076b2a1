import { lstatSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';
import {
  collectResults,
  type CollectedResults,
  type FoundFile,
} from '../container/collect-results.js';
import { FetchedHistories } from '../container/fetched-histories.js';
import type { FetchedCheck, Manifest } from '../container/manifest.js';
import { MAX_RESULT_FILE_BYTES } from '../container/result-file.js';
import type { GateParts } from '../gate/parts.js';
import { readGitHubContext, type GitHubContext } from '../github/context.js';
import { recheckGroup } from '../github/recheck-group.js';
import { checkSubject, recheckSubject, type SubjectSource } from '../github/subject.js';
import { only, REPORT_INPUTS, reportJobInputs } from '../container/job-inputs.js';
import { readSettings } from '../inputs/read-settings.js';
import type { Report } from '../model/report.js';
import { UserError } from '../model/user-error.js';
import { clockParts } from '../machine/gate-parts.js';
import { reportCheck } from '../container/three-jobs.js';
import { combine } from '../verdict/combine.js';
import { commentOn } from './comment.js';
import { suggestFixes } from './suggest.js';
import { publish, type Reports } from './publish.js';
import { cancellation, maskSecrets, readInput, tellError } from './runner.js';
import { outputsOfError } from './write-outputs.js';

/** A pattern that matches more files is refused: it matches more than results. */
const MAX_FILES = 1_000;

/** The job that decides: the required check. It has no credential for Temporal and runs no code under test. */
export async function runReportJob(): Promise<void> {
  const cancelled = cancellation();
  let container: FetchedHistories | undefined;
  try {
    maskSecrets(['github-token', 'container-passphrase']);
    const context = readGitHubContext(process.env);
    const workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
    const settings = readSettings({
      read: only(REPORT_INPUTS, readInput),
      variables: process.env,
      workspace,
      now: new Date(),
    });
    const inputs = reportJobInputs(readInput);
    container = await FetchedHistories.open(resolve(workspace, inputs.path), inputs);
    const { manifest } = container;
    const files = manifest.checks.some(({ isToReplay }) => isToReplay)
      ? await findResults(inputs.results, workspace)
      : [];
    const collected = await collectResults(files, container, inputs.shards);
    const source: SubjectSource = {
      context,
      title: manifest.reading.title,
      claimsBuildId: manifest.reading.claimsBuildId,
      token: settings.githubToken,
      commit: undefined,
      signal: cancelled,
    };
    const reports: Report[] = [];
    for (const [index, check] of manifest.checks.entries()) {
      reports.push(
        await reportCheck(check, resultsOf(collected, index), manifest.policy, {
          ...clockParts(cancelled),
          checkSubject: (subject) => Promise.resolve(checkSubject({ context }, subject)),
          recheckSubject: recheckWith(source, context, manifest),
          findLeftByReset: () => leftByReset(check),
          effort: () => undefined,
          close: () => Promise.resolve(),
        }),
      );
    }
    const [first, ...others] = reports;
    if (first === undefined) throw new Error('a container without a check');
    const all: Reports = [first, ...others];
    const { worst, options } = publish(all, settings, context);
    await commentOn(worst, settings, context, options, cancelled);
    await suggestFixes(worst, settings, context, cancelled);
    if (combine(all).passes) process.exitCode = 0;
  } catch (error) {
    tellError(error, 'Temporal replay: the check could not be concluded');
    outputsOfError();
  } finally {
    await container?.close();
  }
}

function resultsOf(
  { replayed, problem }: CollectedResults,
  index: number,
): Parameters<typeof reportCheck>[1] {
  return { replayed: replayed[index] ?? [], ...(problem === undefined ? {} : { problem }) };
}

/** The files of the glob, in the order of their names. Links are not followed: they could lead to any file here. */
async function findResults(pattern: string, workspace: string): Promise<FoundFile[]> {
  const paths = await glob(pattern.split(sep).join('/'), {
    cwd: workspace,
    absolute: true,
    followSymbolicLinks: false,
  });
  if (paths.length > MAX_FILES) {
    throw new UserError({
      found: `Input results matches ${paths.length} files`,
      expected: 'one file of each replay job',
      fix: 'make the pattern narrower',
    });
  }
  return paths.sort().map((path) => {
    const { size } = lstatSync(path);
    const isTaken = lstatSync(path).isFile() && size <= MAX_RESULT_FILE_BYTES;
    // A file that is not read is reported as no result.
    return {
      name: relative(workspace, path),
      bytes: isTaken ? readFileSync(path) : Buffer.alloc(0),
    };
  });
}

function recheckWith(
  source: SubjectSource,
  { trigger }: GitHubContext,
  { reading, checks }: Manifest,
): GateParts['recheckSubject'] {
  const isGroup =
    trigger.kind === 'merge-group' && reading.title === undefined && !reading.claimsBuildId;
  if (!isGroup) return (subject) => recheckSubject(source, subject);
  const claims = checks.map(({ subject, fetched }) => ({
    title: subject?.title,
    pullRequests: fetched.pullRequests,
  }));
  return () => recheckGroup(source, reading.claimPosition, claims);
}

async function leftByReset({ leftByReset: known }: FetchedCheck): Promise<ReadonlySet<string>> {
  if (known.kind === 'known') return Promise.resolve(new Set(known.keys));
  throw new UserError({ found: known.explanation });
}
