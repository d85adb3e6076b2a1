import { fetch, readInOrder } from './fetch-stage.js';
import type { GateParts, GateSettings } from './parts.js';
import { openCode, replay } from './replay-stage.js';
import { report } from './report-stage.js';
import type { Report } from '../model/report.js';

/**
 * The check, from title to verdict:
 *
 *     fetch    title ─▶ claim ─▶ target ─▶ executions ─▶ plan
 *     replay   histories ─▶ outcomes ─▶ causes
 *     report   findings ─▶ verdict
 *
 * One job is one shard, without a file between the stages; src/container/three-jobs.ts has the files. Never
 * rejects: a stage that ends early returns what it found until then.
 */
export async function runGate(settings: GateSettings, parts: GateParts): Promise<Report> {
  // Bundling takes a second or more. It starts with the claim, and overlaps everything up to the first history.
  const { fetched, subject, code, plan } = await fetch(settings, parts, (claimed, warn) =>
    openCode(claimed, parts, warn),
  );
  const replayed =
    code === undefined || plan === undefined
      ? []
      : [
          await replay(
            code,
            fetched,
            { expected: plan.maxReplays, read: (stop) => readInOrder(plan, parts, stop) },
            settings,
            parts,
          ),
        ];
  return report({ fetched, replayed, subject }, settings.policy, parts);
}
