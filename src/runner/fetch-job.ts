import * as core from '@actions/core';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { FetchContainer } from '../container/fetch-container.js';
import type { GateParts } from '../gate/parts.js';
import { headCommit } from '../files/head-commit.js';
import { readGitHubContext } from '../github/context.js';
import { refuseUnsafeFetch } from '../github/fetch-permission.js';
import { subjectsOf } from '../github/subjects.js';
import { FETCH_INPUTS, fetchJobInputs, only } from '../container/job-inputs.js';
import { SECRET_INPUTS } from '../inputs/raw-inputs.js';
import { readSettings } from '../inputs/read-settings.js';
import { deadlineOf } from '../pipeline/deadline.js';
import { clockParts, historyParts } from '../machine/gate-parts.js';
import { fetchCheck } from '../container/three-jobs.js';
import {
  cancellation,
  logStack,
  maskSecrets,
  progressLines,
  readInput,
  tellError,
} from './runner.js';
import { makeFolder } from '../files/make-folder.js';
import { writeOutputs } from './write-outputs.js';

/**
 * The job with the credentials. Its exit code only says whether there is a whole container, and nothing about
 * the verdict. The container also holds what ended the check early, and the report job tells it.
 */
export async function runFetchJob(): Promise<void> {
  const cancelled = cancellation();
  let container: FetchContainer | undefined;
  try {
    maskSecrets([...SECRET_INPUTS, 'container-passphrase']);
    const context = readGitHubContext(process.env);
    const workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
    const settings = readSettings({
      read: only(FETCH_INPUTS, readInput),
      variables: process.env,
      workspace,
      now: new Date(),
    });
    const own = join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'temporal-replay-container.trc');
    const inputs = fetchJobInputs(readInput, own);
    const path = resolve(workspace, inputs.path);
    if ((await headCommit(settings.workspace)) !== undefined) {
      core.warning(
        'The fetch job has a checkout and needs none. This action runs no code of it, but other steps of the job could, beside the credentials.',
      );
    }
    makeFolder(dirname(path));
    container = await FetchContainer.create(path, inputs.passphrase);
    const reading = {
      ...(settings.title === undefined ? {} : { title: settings.title }),
      claimsBuildId: settings.buildId !== undefined,
      claimPosition: settings.claimPosition,
    };
    const subjects = await subjectsOf(
      {
        context,
        title: settings.title,
        claimsBuildId: reading.claimsBuildId,
        token: settings.githubToken,
        commit: undefined,
        signal: cancelled,
      },
      settings.claimPosition,
    );
    const deadline = deadlineOf(settings.budget.timeBudgetMs, cancelled, subjects.length);
    for (const subject of subjects) {
      const histories = historyParts(settings, cancelled);
      const resolveTarget: GateParts['resolveTarget'] = async (claim) => {
        const { allowForks } = inputs;
        refuseUnsafeFetch(context, { allowForks, isEncrypted: inputs.passphrase !== undefined });
        return histories.resolveTarget(claim);
      };
      const parts = {
        ...subject,
        ...clockParts(cancelled),
        ...histories,
        resolveTarget,
        deadline,
        progress: progressLines('Read'),
      };
      const bug = await fetchCheck(settings, parts, container);
      if (bug !== undefined) logStack(bug);
    }
    cancelled.throwIfAborted();
    const { timeBudgetMs, historyTimeoutMs } = settings.budget;
    const digest = await container.finish({
      policy: settings.policy,
      replayLimits: { timeBudgetMs, historyTimeoutMs },
      reading,
    });
    const { isToReplay, histories } = container;
    core.info(
      isToReplay
        ? `The container holds ${histories} histories in ${Math.ceil(statSync(path).size / 1000)} kB.`
        : 'There is nothing to replay, and the container says why.',
    );
    writeOutputs({
      container: path,
      digest,
      replay: String(isToReplay),
      histories: String(histories),
    });
    process.exitCode = 0;
  } catch (error) {
    await container?.discard();
    tellError(error, 'Temporal replay: nothing could be fetched');
  }
}
