import { buildIdProblem } from '../claim/parse-claim.js';
import { CURRENT } from '../model/claim.js';
import { queryProblem } from '../model/queryable.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { DEFAULTS, type RawInputs } from './raw-inputs.js';
import type { Versioning } from '../model/settings.js';

/**
 * The build ID that is given instead of a title's claim.
 *
 * @throws UserError where no title could claim it either, or where a title is given too
 */
export function claimedBuildId(inputs: RawInputs): string | undefined {
  const buildId = inputs['build-id'];
  if (buildId === undefined) {
    refuseUnknownCurrent(inputs);
    return undefined;
  }
  const problem = buildIdProblem(buildId);
  if (problem !== undefined) {
    throw new UserError({
      found: `Input build-id is "${truncate(readable(buildId), 80)}", which ${problem}`,
      expected: `a build ID as workers have it, or "${CURRENT}"`,
      fix: 'correct build-id',
    });
  }
  if (inputs.title !== undefined) {
    throw new UserError({
      found: 'Input build-id is set together with title',
      expected: 'a build ID, or a title that claims one, not both',
      fix: 'remove one of the two',
    });
  }
  const { histories, versioning } = inputs;
  if (buildId === CURRENT && (histories !== undefined || !knowsCurrent(versioning))) {
    throw new UserError({
      found: `Input build-id is "${CURRENT}", and ${
        histories === undefined
          ? `versioning "${String(versioning)}" looks nothing up`
          : 'histories are files'
      }`,
      expected: 'a server that can tell which build is current',
      fix: 'name the build ID, or set versioning to auto, worker-deployment or version-set',
    });
  }
  return buildId;
}

/** With these settings a title without a claim is checked against the current version, which a server must tell. */
function refuseUnknownCurrent({
  'on-no-claim': onNoClaim,
  histories,
  versioning,
}: RawInputs): void {
  if (onNoClaim !== 'check' && onNoClaim !== 'advise') return;
  if (histories === undefined && knowsCurrent(versioning)) return;
  throw new UserError({
    found: `Input on-no-claim is "${onNoClaim}", and ${
      histories === undefined
        ? `versioning "${String(versioning)}" looks nothing up`
        : 'histories are files'
    }`,
    expected: 'a server that can tell which version is current',
    fix: 'set on-no-claim to pass or fail, or versioning to auto, worker-deployment or version-set',
  });
}

function knowsCurrent(versioning: Versioning | undefined): boolean {
  return versioning !== 'build-id' && versioning !== 'none';
}

/** @throws UserError where the inputs about versioning contradict each other */
export function versioningSettings(inputs: RawInputs): {
  readonly versioning: Versioning;
  readonly deploymentName: string | undefined;
} {
  const versioning = inputs.versioning ?? DEFAULTS.versioning;
  const deploymentName = inputs['deployment-name'];
  if (deploymentName !== undefined) {
    const problem = queryProblem(deploymentName);
    if (problem !== undefined) {
      throw new UserError({
        found: `Input deployment-name is "${truncate(readable(deploymentName), 80)}", which ${problem}`,
        expected: 'a name without quotes, backslashes and control characters',
        fix: 'correct deployment-name',
      });
    }
    if (versioning === 'version-set' || versioning === 'none') {
      throw new UserError({
        found: `Input deployment-name is set together with versioning "${versioning}"`,
        expected: 'deployment-name only where versioning looks at Worker Deployments',
        fix: 'remove deployment-name, or set versioning to worker-deployment',
      });
    }
  }
  if (versioning === 'none' && (inputs.query === undefined || inputs['task-queue'].length > 0)) {
    throw new UserError({
      found:
        inputs.query === undefined
          ? 'Input versioning is "none" without a query'
          : 'Input versioning is "none", and task-queue is set',
      expected: 'that query alone selects the executions',
      fix:
        inputs.query === undefined
          ? 'set query, or another versioning'
          : 'put the task queue into query, as in TaskQueue = "orders"',
    });
  }
  return { versioning, deploymentName };
}
