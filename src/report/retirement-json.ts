import { isRetirable, type JudgedVersion, type Retirement } from '../model/retirement.js';
import { keeperWords, removalCommand } from './retirement-words.js';

/** The whole result for machines. */
export function retirementJson(retirement: Retirement): object {
  const { asOf, address, namespace, versions, unserved, notes } = retirement;
  return {
    asOf,
    address,
    namespace,
    versions: versions.map((judged) => ({
      ...nameOf(judged),
      status: judged.status ?? null,
      taskQueues: judged.taskQueues,
      running: judged.running,
      oldest: judged.oldest ?? null,
      polls: judged.workers.kind === 'not-known' ? null : judged.workers.kind === 'polling',
      lastPoll: judged.workers.kind === 'not-known' ? null : (judged.workers.lastPoll ?? null),
      closed: judged.closed ?? null,
      stuck: judged.stuck,
      retirable: isRetirable(judged),
      keptBy: judged.keptBy,
      why: keeperWords(judged),
    })),
    unserved,
    notes,
  };
}

/** The outputs of `retire/action.yml`. */
export function retirementOutputs(retirement: Retirement): Record<string, string> {
  const { versions, unserved } = retirement;
  return {
    retirable: JSON.stringify(
      versions.filter(isRetirable).map((judged) => ({
        ...nameOf(judged),
        taskQueues: judged.taskQueues,
        polls: judged.workers.kind === 'polling',
        command: removalCommand(judged, retirement) ?? null,
      })),
    ),
    stuck: JSON.stringify([
      ...versions
        .filter(({ stuck }) => stuck > 0)
        .map((judged) => ({
          ...nameOf(judged),
          taskQueues: judged.taskQueues,
          executions: judged.stuck,
        })),
      ...unserved.map(({ taskQueue, count }) => ({
        kind: null,
        deployment: null,
        buildId: null,
        taskQueues: [taskQueue],
        executions: count,
      })),
    ]),
  };
}

function nameOf({ version }: JudgedVersion): object {
  return {
    kind: version.kind,
    deployment: version.kind === 'worker-deployment' ? version.deploymentName : null,
    buildId: version.buildId ?? null,
  };
}
