import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { differingPythonLock } from './locked-python.js';
import { isInside, realPathOf } from './paths.js';
import { removeOldLinks, whyNotShared } from './shared-packages.js';
import type { ReplayerSettings } from '../model/settings.js';
import { readable } from '../untrusted/readable.js';

/** The baseline on disk, or why it cannot be used. */
export type BaselineCheckout =
  | { readonly kind: 'unusable'; readonly explanation: string }
  | {
      readonly kind: 'usable';
      readonly commit: string;
      /** Absolute real path of the checkout's root. */
      readonly directory: string;
      readonly replayer: ReplayerSettings;
      /** It has no packages of its own, and those of the code under test are the same. */
      readonly sharesPackages?: true;
    };

/** The place of this package tells which dependencies a TypeScript application runs with. */
const SDK_PACKAGE = join('node_modules', '@temporalio', 'worker');

/**
 * Looks at the second checkout. The baseline only explains: whatever is wrong with it, the check goes on
 * without it, and everything that breaks counts as this change's.
 *
 * The baseline must never be the code under test, in whole or in part. Otherwise everything would seem broken
 * before this change.
 *
 * @param given path as the input has it
 * @param replayer how the code under test is replayed, and the baseline too
 * @param underTest commits that are the code under test
 * @param sharesPython whether the interpreter for an application in the baseline is that of the code under test
 */
export async function openBaselineCheckout(
  given: string,
  workspace: string,
  replayer: ReplayerSettings,
  underTest: readonly string[],
  commitOf: (directory: string) => Promise<string | undefined>,
  sharesPython: (workingDirectory: string, directory: string) => Promise<boolean>,
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
  if (!isFolder(directory)) return unusable('does not exist: check out the base commit there');
  const commit = existsSync(join(directory, '.git')) ? await commitOf(directory) : undefined;
  if (commit === undefined) return unusable('is no git checkout of its own');
  if (underTest.includes(commit)) {
    return unusable(`is at ${commit.slice(0, 12)}, which is the code under test`);
  }
  const workingDirectory = realPathOf(
    join(directory, relative(workspace, replayer.workingDirectory)),
  );
  if (!isInside(workingDirectory, directory) || !isFolder(workingDirectory)) {
    return unusable('holds no application at the path of working-directory');
  }
  if (replayer.workflows !== undefined && isAbsolute(replayer.workflows)) {
    return unusable('cannot be replayed with an absolute path in workflows');
  }
  const language = replayer.language().name;
  const isTypeScript = language === 'typescript';
  const replayOptions = isTypeScript
    ? counterpart(replayer, workingDirectory)
    : replayer.replayOptions;
  if (isTypeScript && replayOptions !== undefined && !existsSync(replayOptions)) {
    return unusable('does not hold the module of replay-options');
  }
  const application = realPathOf(replayer.workingDirectory);
  if (language === 'python') {
    const differing = differingPythonLock(workspace, directory, application);
    if (differing !== undefined && (await sharesPython(workingDirectory, directory))) {
      return unusable(
        `has no Python environment of its own, and that of the code under test does not serve it: ${shortly(differing)} differs. Install the baseline's dependencies into .venv in it`,
      );
    }
  }
  removeOldLinks(directory);
  const ours = installedAbove(application);
  const theirs = installedAbove(workingDirectory);
  const hasOwn = theirs !== undefined && isInside(theirs, directory);
  const usable: BaselineCheckout = {
    kind: 'usable',
    commit,
    directory,
    replayer: { ...replayer, workingDirectory, replayOptions },
  };
  if (!isTypeScript || hasOwn || (ours ?? theirs) === undefined) return usable;
  const difference = whyNotShared(workspace, directory, application);
  return difference === undefined
    ? { ...usable, sharesPackages: true }
    : unusable(
        `does not have its own dependencies installed, and those of the code under test do not serve it: ${shortly(difference)}. Install the dependencies in the baseline too`,
      );
}

const shortly = (text: string): string => readable(text).slice(0, 300);

/** The baseline's own module of `replay-options`: the module of the code under test could name that code. */
function counterpart(replayer: ReplayerSettings, workingDirectory: string): string | undefined {
  return replayer.replayOptions === undefined
    ? undefined
    : join(workingDirectory, relative(replayer.workingDirectory, replayer.replayOptions));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The folder in which Node finds the application's SDK. */
function installedAbove(folder: string): string | undefined {
  return foldersAbove(folder).find((above) => existsSync(join(above, SDK_PACKAGE)));
}

/** The folders in which Node looks up packages, the folder itself first. */
function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}
