import { deployments } from '../advice/deploy.js';
import { interfaceChanges } from '../advice/interface-changes.js';
import { isCompatible, type Advice } from '../model/advice.js';
import { countOutcomes } from '../model/outcome.js';
import { runningOf } from '../model/retirement.js';
import { reasonWords } from './advice-words.js';

/** The whole advice for machines. */
export function adviceJson(advice: Advice): object {
  const { commit, address, namespace, versions, notes, problem } = advice;
  return {
    commit: commit ?? null,
    address,
    namespace,
    versions: versions.map((advised) => {
      const { judged, report } = advised;
      const { version } = judged;
      const compatible = isCompatible(advised);
      return {
        kind: version.kind,
        deployment: version.kind === 'worker-deployment' ? version.deploymentName : null,
        buildId: version.buildId ?? null,
        taskQueues: judged.taskQueues,
        status: judged.status ?? null,
        running: runningOf(judged),
        matched: report.coverage.matched,
        counts: countOutcomes(report.outcomes),
        compatible: compatible ?? null,
        reason: report.verdict.reason,
        title: compatible === true ? `[compatible-${version.buildId ?? ''}]` : null,
        why: reasonWords(advised) ?? null,
      };
    }),
    deployments: deployments(advice),
    interfaceChanges: interfaceChanges(advice),
    notes,
    problem: problem ?? null,
  };
}
