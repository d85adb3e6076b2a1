import type { Advice, AdvisedVersion } from '../model/advice.js';
import type { Execution } from '../model/execution.js';
import type { Plan } from '../model/plan.js';
import type { ResolvedTarget } from '../model/resolved-target.js';
import { runningOf, type JudgedVersion, type Retirement } from '../model/retirement.js';
import type { VersionId } from '../model/versions-in-use.js';
import { executionKey } from '../model/coverage.js';
import { attempt, closing, endingOf, type Warn } from './ending.js';
import type { Fetched } from './fetched.js';
import { fetch, readInOrder } from './fetch-stage.js';
import { ofExecutions } from './of-executions.js';
import type { GateParts, GateSettings } from './parts.js';
import type { Replayed } from './replayed.js';
import { openCode, replay } from './replay-stage.js';
import { report } from './report-stage.js';

export interface AdviceParts extends GateParts {
  /** Every version of the server, or of the part of it that the settings name. */
  findVersions(): Promise<Retirement>;
  /** The executions that a claim for the version is about. */
  resolveVersion(version: VersionId): Promise<ResolvedTarget>;
}

/** The most versions whose claims are tried. */
const MAX_VERSIONS = 50;

/**
 * Tries a claim for each live version: the stages of the check, with one replay for all of them, because an
 * execution that several claims are about replays in the same way for each. Never rejects.
 */
export async function advise(settings: GateSettings, parts: AdviceParts): Promise<Advice> {
  const versions: AdvisedVersion[] = [];
  const found: { commit?: string; seen?: Retirement } = {};
  const own = await attempt(parts.cancelled, async (warn) => {
    const subject = await parts.readSubject();
    if (subject.commit !== undefined) found.commit = subject.commit;
    const code = await openCode(subject, parts, warn);
    const seen = (found.seen = await parts.findVersions());
    const fetched: { judged: JudgedVersion; fetched: Fetched; plan: Plan | undefined }[] = [];
    for (const judged of liveOf(seen, warn)) {
      fetched.push({ judged, ...(await fetchVersion(judged.version, settings, parts)) });
    }
    const plan = together(
      fetched.flatMap((one) => one.plan ?? []),
      settings,
    );
    const all = { executions: plan.reads, truncated: false };
    const replayed =
      plan.reads.length === 0
        ? undefined
        : await replay(
            code,
            { listing: all },
            {
              expected: Math.min(plan.maxReplays, plan.reads.length),
              read: (stop) => readInOrder(plan, parts, stop),
            },
            settings,
            parts,
          );
    for (const one of fetched) {
      versions.push({
        judged: one.judged,
        report: await concluded(one.fetched, replayed, settings, parts),
      });
    }
  });
  const { notes, problem, wrongSubject, cancelled } = endingOf([own, await closing(parts)]);
  const ended = problem ?? endedBy(wrongSubject?.summary, cancelled);
  return {
    commit: found.commit,
    address: found.seen?.address ?? '',
    namespace: found.seen?.namespace ?? '',
    versions,
    notes: [...(found.seen?.notes ?? []), ...notes],
    ...(ended === undefined ? {} : { problem: ended }),
  };
}

function endedBy(wrong: string | undefined, cancelled: boolean): Advice['problem'] {
  if (wrong !== undefined) return { found: wrong };
  return cancelled ? { found: 'The run was cancelled' } : undefined;
}

/** Versions that take executions, or that some wait for. */
function liveOf({ versions }: Retirement, warn: Warn): readonly JudgedVersion[] {
  const live = versions.filter(
    (judged) =>
      // Workers without a build ID cannot be named in a title.
      judged.version.buildId !== undefined &&
      (runningOf(judged) > 0 || judged.status === 'current' || judged.status === 'ramping'),
  );
  if (live.length > MAX_VERSIONS) {
    warn(
      `There are ${live.length} live versions. Claims for ${MAX_VERSIONS} of them were tried: set task-queue or deployment-name for the others.`,
    );
  }
  return live.slice(0, MAX_VERSIONS);
}

async function fetchVersion(
  version: VersionId,
  settings: GateSettings,
  parts: AdviceParts,
): Promise<{ fetched: Fetched; plan: Plan | undefined }> {
  const { fetched, plan } = await fetch(
    { ...settings, buildId: version.buildId },
    { ...parts, resolveTarget: () => parts.resolveVersion(version) },
    () => Promise.resolve(undefined),
  );
  return { fetched, plan };
}

/** What all plans read, each execution once: one of each plan after the other. */
function together(plans: readonly Plan[], { budget }: GateSettings): Plan {
  const reads = new Map<string, Execution>();
  const longest = Math.max(0, ...plans.map((plan) => plan.reads.length));
  for (let place = 0; place < longest; place += 1) {
    for (const plan of plans) {
      const execution = plan.reads[place];
      if (execution === undefined) continue;
      const key = executionKey(execution);
      if (!reads.has(key)) reads.set(key, execution);
    }
  }
  const taken = [...reads.values()].slice(0, budget.maxReads);
  return {
    reads: taken,
    maxReplays: Math.min(budget.maxHistories, taken.length),
    isInOrder: plans.every(({ isInOrder }) => isInOrder),
    sampled: plans.flatMap(({ sampled }) => sampled),
  };
}

/** What the check of a title that claims this version would say. */
function concluded(
  fetched: Fetched,
  replayed: Replayed | undefined,
  settings: GateSettings,
  parts: AdviceParts,
): Promise<AdvisedVersion['report']> {
  const own = replayed === undefined ? [] : [ofExecutions(replayed, fetched.listing.executions)];
  return report({ fetched, replayed: own, subject: undefined }, settings.policy, {
    ...parts,
    // They close with the last of the versions.
    close: () => Promise.resolve(),
  });
}
