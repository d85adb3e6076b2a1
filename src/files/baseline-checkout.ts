import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { isInside, realPathOf } from './paths.js';
import type { ReplayerSettings } from '../model/settings.js';
import { readable } from '../untrusted/readable.js';

/** The baseline as it lies on disk, or why it tells nothing. */
export type BaselineCheckout =
  | { readonly kind: 'unusable'; readonly explanation: string }
  | {
      readonly kind: 'usable';
      readonly commit: string;
      /** Absolute real path of the checkout's root. */
      readonly directory: string;
      readonly replayer: ReplayerSettings;
    };

/** The package whose place tells whose dependencies a TypeScript application runs with. */
const SDK_PACKAGE = join('node_modules', '@temporalio', 'worker');

/**
 * Looks at the second checkout. It only explains: whatever is wrong with it, the check goes on without
 * it, and everything that breaks counts as the change's own.
 *
 * What it must never be is the code under test once more, in whole or in part: then everything would
 * seem to have been broken before.
 *
 * @param given path as the input has it
 * @param replayer how the code under test is replayed; the baseline is replayed in the same way
 * @param underTest commits that are the code under test
 */
export async function openBaselineCheckout(
  given: string,
  workspace: string,
  replayer: ReplayerSettings,
  underTest: readonly string[],
  commitOf: (directory: string) => Promise<string | undefined>,
): Promise<BaselineCheckout> {
  const shown = `baseline-directory "${readable(given).slice(0, 200)}"`;
  const unusable = (problem: string): BaselineCheckout => ({
    kind: 'unusable',
    explanation: `The baseline cannot be used, so everything that breaks counts as this change's: ${shown} ${problem}.`,
  });
  const directory = realPathOf(join(workspace, given));
  if (isAbsolute(given) || !isInside(directory, workspace) || directory === workspace) {
    return unusable('is not a folder of its own inside the workspace, given relative to it');
  }
  if (!isFolder(directory)) return unusable('does not exist: check the base commit out there');
  const commit = existsSync(join(directory, '.git')) ? await commitOf(directory) : undefined;
  if (commit === undefined) return unusable('is no git checkout of its own');
  if (underTest.includes(commit)) {
    return unusable(`is at ${commit.slice(0, 12)}, which is the code under test`);
  }
  const workingDirectory = realPathOf(
    join(directory, relative(workspace, replayer.workingDirectory)),
  );
  if (!isInside(workingDirectory, directory) || !isFolder(workingDirectory)) {
    return unusable('holds no application where working-directory has it');
  }
  if (replayer.workflows !== undefined && isAbsolute(replayer.workflows)) {
    return unusable('cannot be replayed with an absolute path in workflows');
  }
  const isTypeScript = replayer.language().name === 'typescript';
  const replayOptions = isTypeScript
    ? counterpart(replayer, workingDirectory)
    : replayer.replayOptions;
  if (isTypeScript && replayOptions !== undefined && !existsSync(replayOptions)) {
    return unusable('does not hold the module of replay-options');
  }
  const installed = foldersAbove(workingDirectory).find((folder) =>
    existsSync(join(folder, SDK_PACKAGE)),
  );
  if (installed !== undefined && !isInside(installed, directory)) {
    return unusable('does not have its own dependencies installed');
  }
  return {
    kind: 'usable',
    commit,
    directory,
    replayer: { ...replayer, workingDirectory, replayOptions },
  };
}

/** The baseline's own module of `replay-options`: the other one can name the code under test. */
function counterpart(replayer: ReplayerSettings, workingDirectory: string): string | undefined {
  return replayer.replayOptions === undefined
    ? undefined
    : join(workingDirectory, relative(replayer.workingDirectory, replayer.replayOptions));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The folder itself first: where Node looks packages up. */
function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}
