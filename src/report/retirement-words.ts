import {
  isRetirable,
  runningOf,
  type JudgedVersion,
  type Keeper,
  type Retirement,
} from '../model/retirement.js';
import { shellWord } from '../untrusted/shell-word.js';
import { versionName } from './version-words.js';

/** The heads of the table of versions. */
export const RETIREMENT_HEADS = [
  'Version',
  'Status',
  'Running',
  'Oldest',
  'Last poll',
  'Closed',
  'Workers',
] as const;

/** A version's row of the table. Untrusted. */
export function retirementRow(judged: JudgedVersion, asOf: string): string[] {
  const { version, status, oldest, workers, closed, stuck } = judged;
  return [
    versionName(version),
    status ?? 'not known',
    runningWords(judged),
    oldest === undefined ? '' : agoWords(oldest, asOf),
    workers.kind === 'not-known'
      ? 'not known'
      : workers.lastPoll === undefined
        ? 'none seen'
        : `${agoWords(workers.lastPoll, asOf)} ago`,
    closed === undefined ? '' : String(closed),
    stuck > 0 ? 'missing' : !isRetirable(judged) ? 'needed' : isOff(judged) ? 'off' : 'can go',
  ];
}

/** "3 (2 pinned, 1 auto-upgrade)". */
function runningWords(judged: JudgedVersion): string {
  const total = runningOf(judged);
  const { pinned, autoUpgrade, none } = judged.running;
  const parts = [
    ...(pinned > 0 ? [`${pinned} pinned`] : []),
    ...(autoUpgrade > 0 ? [`${autoUpgrade} auto-upgrade`] : []),
    ...(none > 0 && judged.version.kind === 'worker-deployment' ? [`${none} no behavior`] : []),
  ];
  return parts.length === 0 ? String(total) : `${total} (${parts.join(', ')})`;
}

/** The time between two moments, roughly: "12 s", "4 min", "7 h", "23 d". */
export function agoWords(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** Whether no worker of it polls. */
export function isOff({ workers }: Pick<JudgedVersion, 'workers'>): boolean {
  return workers.kind === 'gone';
}

/** The command after which the server forgets a version whose workers are off; undefined where it has none. */
export function removalCommand(
  { version }: Pick<JudgedVersion, 'version'>,
  { address, namespace }: Pick<Retirement, 'address' | 'namespace'>,
): string | undefined {
  if (version.kind !== 'worker-deployment') return undefined;
  const { deploymentName, buildId } = version;
  return [
    'temporal worker deployment delete-version',
    `--deployment-name ${shellWord(deploymentName)} --build-id ${shellWord(buildId)}`,
    `--address ${shellWord(address)} --namespace ${shellWord(namespace)}`,
  ].join(' ');
}

/** What the operator can do now. Untrusted. */
export function retireWords(judged: JudgedVersion): string {
  const name = versionName(judged.version);
  return isOff(judged)
    ? `${name}: no worker of it polls any more.`
    : `${name}: stop its workers${onQueues(judged)}.`;
}

/** Why the workers of a version are still needed. Untrusted. */
export function keeperWords(judged: JudgedVersion): string {
  return judged.keptBy.map((keeper) => wordsOf(keeper, judged)).join(' ');
}

function wordsOf(keeper: Keeper, judged: JudgedVersion): string {
  switch (keeper.kind) {
    case 'current':
      return judged.version.kind === 'build-id'
        ? 'No other worker takes what starts on its task queue.'
        : 'New executions go to it.';
    case 'ramping':
      return 'A share of the new executions goes to it.';
    case 'pinned':
      return (
        `${executions(keeper.count)} pinned to it: wait until they close, or move them to a version ` +
        `whose pull request passed as [compatible-${judged.version.buildId ?? ''}].`
      );
    case 'serves':
      return keeper.count === 1
        ? '1 running execution goes to it at its next workflow task.'
        : `${keeper.count} running executions go to it at their next workflow task.`;
    case 'draining':
      return 'The server still counts it as draining, and looks again every few minutes.';
    case 'not-routed-yet':
      return 'It polls and has never taken an execution: it may be about to.';
    case 'reachable':
      return 'The server says that tasks can still reach it.';
    case 'not-known':
      return `It is not known whether it is needed: ${keeper.why}.`;
  }
}

/** What is wrong where running executions have no worker. Untrusted. */
export function stuckWords({
  versions,
  unserved,
}: Pick<Retirement, 'versions' | 'unserved'>): string[] {
  return [
    ...versions
      .filter(({ stuck }) => stuck > 0)
      .map(
        (judged) =>
          `${executions(judged.stuck)} stuck: no worker of ${versionName(judged.version)} polls` +
          `${onQueues(judged)}. Start its workers again${
            judged.version.kind === 'worker-deployment' && judged.running.pinned > 0
              ? ', or move those that are pinned (temporal workflow update-options)'
              : ''
          }.`,
      ),
    ...unserved.map(
      ({ taskQueue, count }) =>
        `${executions(count)} waiting for the first workflow task, and no worker polls ${taskQueue}. Start one.`,
    ),
  ];
}

function onQueues({ taskQueues }: JudgedVersion): string {
  if (taskQueues.length === 0) return '';
  const shown = taskQueues.slice(0, 5).join(', ');
  return ` on ${taskQueues.length > 5 ? `${shown} and ${taskQueues.length - 5} more` : shown}`;
}

function executions(count: number): string {
  return count === 1 ? '1 running execution is' : `${count} running executions are`;
}
