import { isCompatible, type Advice, type AdvisedVersion } from '../model/advice.js';
import { runningOf } from '../model/retirement.js';
import { queryProblem } from '../model/queryable.js';
import { shellWord } from '../untrusted/shell-word.js';

/** A way to deploy the code, in the words of Temporal's proposal for worker versions. */
export interface Deployment {
  /** `minor`: takes running executions over; `major`: leaves them; `super-major`: is another workflow type. */
  readonly kind: 'minor' | 'major' | 'super-major' | 'not-known';
  /** What is deployed where. Untrusted. */
  readonly words: string;
  /** Untrusted names in it are quoted. */
  readonly commands: readonly string[];
}

/** Stands for the build ID of the code, which only its build knows. */
const NEW_ID = 'NEW_BUILD_ID';

/** How to deploy the code to each Worker Deployment, task queue and set of plain workers. */
export function deployments(advice: Advice): Deployment[] {
  const owners = new Map<string, AdvisedVersion[]>();
  for (const one of advice.versions) {
    const owner = ownerOf(one);
    owners.set(owner, [...(owners.get(owner) ?? []), one]);
  }
  return [...owners.values()].map((versions) => deploymentOf(versions, advice));
}

function ownerOf({ judged: { version } }: AdvisedVersion): string {
  switch (version.kind) {
    case 'worker-deployment':
      return `deployment ${version.deploymentName}`;
    case 'version-set':
      return `queue ${version.taskQueue}`;
    case 'build-id':
      return 'plain';
  }
}

function deploymentOf(versions: readonly AdvisedVersion[], advice: Advice): Deployment {
  const [first] = versions;
  if (first === undefined) throw new Error('a deployment without versions');
  const { version } = first.judged;
  const at = `--address ${shellWord(advice.address)} --namespace ${shellWord(advice.namespace)}`;
  switch (version.kind) {
    case 'worker-deployment':
      return toDeployment(version.deploymentName, versions, at);
    case 'version-set':
      return toQueue(version.taskQueue, versions, at);
    case 'build-id':
      return toPlain(versions);
  }
}

/** Executions that are not pinned come to whatever is current, so only theirs decide. */
function toDeployment(name: string, versions: readonly AdvisedVersion[], at: string): Deployment {
  const moving = versions.filter(
    ({ judged }) => judged.status === 'current' || judged.status === 'ramping',
  );
  const answers = moving.map(answerOf);
  const setCurrent = `temporal worker deployment set-current-version --deployment-name ${shellWord(name)} --build-id ${NEW_ID} ${at}`;
  if (answers.length > 0 && answers.every((answer) => answer === true)) {
    return {
      kind: 'minor',
      words: `Worker Deployment ${name}: start its workers, and make it the current version. Executions that auto-upgrade go on with it, pinned ones stay.`,
      commands: [setCurrent],
    };
  }
  if (answers.length === 0 || answers.some((answer) => answer === undefined)) {
    return {
      kind: 'not-known',
      words: `Worker Deployment ${name}: it is not known whether its executions can go on with this code.`,
      commands: [],
    };
  }
  const current = moving.find(({ judged }) => judged.status === 'current')?.judged.version.buildId;
  const rest = `TemporalWorkerDeployment = "${name}" AND TemporalWorkflowVersioningBehavior = "AutoUpgrade" AND CloseTime IS NULL`;
  return {
    kind: 'major',
    words: `Worker Deployment ${name}: give the workflows the versioning behavior pinned, and keep running executions where they are: pin those that auto-upgrade, before this version becomes the current one. Executions without a behavior would come to it: let them end first, or use another task queue.`,
    commands: [
      // A name that ends a text in the query would widen what the command is about.
      ...(current === undefined || queryProblem(name) !== undefined
        ? []
        : [
            `temporal workflow update-options --query ${shellWord(rest)} --versioning-override-behavior pinned --versioning-override-deployment-name ${shellWord(name)} --versioning-override-build-id ${shellWord(current)} ${at}`,
          ]),
      setCurrent,
    ],
  };
}

/** Where nothing runs, nothing breaks. */
function answerOf(advised: AdvisedVersion): boolean | undefined {
  const answer = isCompatible(advised);
  const { judged, report } = advised;
  const isEmpty = runningOf(judged) === 0 && report.problem === undefined;
  return answer === undefined && isEmpty ? true : answer;
}

function toQueue(taskQueue: string, versions: readonly AdvisedVersion[], at: string): Deployment {
  const newest = versions.find(({ judged }) => judged.status === 'current') ?? versions[0];
  const answer = newest === undefined ? undefined : answerOf(newest);
  const command = (how: string): string =>
    `temporal task-queue update-build-ids ${how} --task-queue ${shellWord(taskQueue)} --build-id ${NEW_ID}`;
  if (answer === undefined) {
    return {
      kind: 'not-known',
      words: `Task queue ${taskQueue}: it is not known whether the default set's executions can go on with this code.`,
      commands: [],
    };
  }
  const existing = shellWord(newest?.judged.version.buildId ?? '');
  return answer
    ? {
        kind: 'minor',
        words: `Task queue ${taskQueue}: register it in the default set, whose executions go on with it, and start its workers.`,
        commands: [
          `${command('add-new-compatible')} --existing-compatible-build-id ${existing} ${at}`,
        ],
      }
    : {
        kind: 'major',
        words: `Task queue ${taskQueue}: register it as a new default set. Running executions stay with the workers of their set, which must go on running.`,
        commands: [`${command('add-new-default')} ${at}`],
      };
}

function toPlain(versions: readonly AdvisedVersion[]): Deployment {
  const answers = versions.map(isCompatible);
  if (answers.every((answer) => answer === true)) {
    return {
      kind: 'minor',
      words:
        'Workers that are not versioned: replace them. Running executions go on with the new code.',
      commands: [],
    };
  }
  return answers.some((answer) => answer === false)
    ? {
        kind: 'major',
        words:
          'Workers that are not versioned: do not replace them, because running executions would come to this code. Patch the change, or run the new code on another task queue.',
        commands: [],
      }
    : {
        kind: 'not-known',
        words:
          'Workers that are not versioned: it is not known whether running executions can go on with this code.',
        commands: [],
      };
}
