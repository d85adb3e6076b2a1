import * as core from '@actions/core';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FetchedHistories } from '../container/fetched-histories.js';
import type { FetchedCheck } from '../container/manifest.js';
import { encodeResult, RESULT_VERSION, type ResultOfCheck } from '../container/result-file.js';
import { shareOfCheck } from '../container/share-of-check.js';
import { claimOf, storeReplayed } from '../container/stored-replay.js';
import { headCommit } from '../files/head-commit.js';
import { readGitHubContext, type GitHubContext } from '../github/context.js';
import { checkSubject } from '../github/subject.js';
import { only, REPLAY_INPUTS, replayJobInputs } from '../container/job-inputs.js';
import { readSettings } from '../inputs/read-settings.js';
import { refuseCredentials } from '../inputs/refuse-credentials.js';
import type { Settings } from '../model/settings.js';
import { countOutcomes } from '../model/outcome.js';
import { describeProblem } from '../model/user-error.js';
import { deadlineOf, type Deadline } from '../pipeline/deadline.js';
import { clockParts } from '../machine/gate-parts.js';
import { replayParts } from '../machine/replay-parts.js';
import { endAllReplayers } from '../replay/replayer-process.js';
import { replayCheck } from '../container/three-jobs.js';
import { NOTHING_REPLAYED } from '../gate/replay-stage.js';
import { logLine } from '../untrusted/log-line.js';
import {
  cancellation,
  logStack,
  maskSecrets,
  progressLines,
  readInput,
  say,
  tellError,
} from './runner.js';
import { writeOutputs } from './write-outputs.js';
import { writeWhole } from '../files/write-whole.js';

type Replayable = FetchedCheck & Required<Pick<FetchedCheck, 'subject'>>;

/**
 * The job with the code under test. Its exit code only says whether there is a whole result. The report job
 * makes the verdict.
 */
export async function runReplayJob(replayersFolder: string): Promise<void> {
  const cancelled = cancellation();
  let histories: FetchedHistories | undefined;
  try {
    refuseCredentials(readInput, process.env, existsSync);
    maskSecrets(['container-passphrase']);
    const context = readGitHubContext(process.env);
    const workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
    const settings = readSettings({
      read: only(REPLAY_INPUTS, readInput),
      variables: process.env,
      workspace,
      now: new Date(),
    });
    const { path, passphrase, digest, shard, result } = replayJobInputs(readInput);
    const opened = await FetchedHistories.open(resolve(workspace, path), {
      passphrase,
      ...(digest === undefined ? {} : { digest }),
    });
    histories = opened;
    const commit = await headCommit(settings.workspace);
    const deadline = deadlineOf(
      opened.manifest.replayLimits.timeBudgetMs,
      cancelled,
      opened.manifest.checks.filter(isReplayable).length,
    );
    const checks: ResultOfCheck[] = [];
    for (const check of opened.manifest.checks) {
      checks.push(
        isReplayable(check)
          ? await replayShare(check, {
              histories: opened,
              shard,
              commit,
              settings,
              context,
              deadline,
            })
          : { ...NOTHING, claim: claimOf(check) },
      );
    }
    const own = `temporal-replay-result-${shard.index}-of-${shard.of}.json.gz`;
    const target =
      result === undefined
        ? join(process.env['RUNNER_TEMP'] ?? tmpdir(), own)
        : resolve(workspace, result);
    const encoded = await encodeResult({
      version: RESULT_VERSION,
      container: opened.digest,
      shard,
      commit: commit ?? null,
      checks,
    });
    writeWhole(target, encoded);
    writeOutputs({ result: target });
    if (!cancelled.aborted) process.exitCode = 0;
  } catch (error) {
    tellError(error, 'Temporal replay: nothing could be replayed');
  } finally {
    await histories?.close();
    await endAllReplayers();
  }

  async function replayShare(
    check: Replayable,
    on: {
      readonly histories: FetchedHistories;
      readonly shard: { readonly index: number; readonly of: number };
      readonly commit: string | undefined;
      readonly settings: Settings;
      readonly context: GitHubContext;
      readonly deadline: Deadline;
    },
  ): Promise<ResultOfCheck> {
    const { shard, commit, settings, context, deadline } = on;
    const share = shareOfCheck(check, shard);
    core.info(
      `Shard ${shard.index} of ${shard.of} replays ${share.length} of ${check.reads.length} executions.`,
    );
    const replayed = await replayCheck(
      check,
      share,
      commit,
      on.histories,
      { workspace: settings.workspace, budget: on.histories.manifest.replayLimits },
      {
        ...clockParts(cancelled),
        deadline,
        checkSubject: (subject) => Promise.resolve(checkSubject({ context }, subject)),
        ...replayParts({
          settings: {
            ...settings,
            source: sourceOf(check),
            codec: () => undefined,
            historyCache: () => undefined,
          },
          environment: process.env,
          replayersFolder,
          cancelled,
          say,
        }),
        progress: progressLines(),
      },
    );
    if (replayed.bug !== undefined) logStack(replayed.bug);
    const counts = Object.entries(countOutcomes(replayed.outcomes)).filter(
      ([, count]) => count > 0,
    );
    core.info(
      counts.map(([kind, count]) => `${count} ${kind}`).join(', ') || 'Nothing was judged.',
    );
    if (replayed.problem !== undefined) core.warning(logLine(describeProblem(replayed.problem)));
    return storeReplayed(replayed, check);
  }
}

const NOTHING = { ...NOTHING_REPLAYED, notes: [], cancelled: false };

function isReplayable(check: FetchedCheck): check is Replayable {
  return check.isToReplay && check.subject !== undefined;
}

/** A replayer gets the namespace, and nothing else about where histories come from. */
function sourceOf({ fetched: { target } }: FetchedCheck): Settings['source'] {
  const namespace = target !== undefined && 'namespace' in target ? target.namespace : 'default';
  return { kind: 'files', pattern: '', namespace };
}
