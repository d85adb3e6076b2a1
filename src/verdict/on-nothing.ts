import type { Verdict, VerdictReason } from '../model/verdict.js';
import { readable } from '../untrusted/readable.js';
import type { Evidence } from './evidence.js';
import { counted, inconclusive } from './words.js';

/** Nothing was judged: the claim is neither confirmed nor refuted. */
export function onNothing(evidence: Evidence): Verdict {
  const { listed, outcomes, registeredTypes } = evidence;
  // A person wrote the title; an input may be set once for every pull request.
  const from = evidence.claim?.kind === 'claimed' ? evidence.claim.from : 'title';
  const byInput = from !== 'title';
  const policy = evidence.policy.onNoHistories ?? (byInput ? 'warn' : 'fail');
  const leftToPolicy = (reason: VerdictReason, summary: string): Verdict => ({
    ...inconclusive(reason, summary),
    passes: policy !== 'fail',
    warns: policy === 'warn',
  });
  if (listed.length === 0) {
    return onNoMatch(evidence, (reason, summary) =>
      leftToPolicy(
        reason,
        `${summary} If that is expected, ${OTHER_WAY[from]}, or set on-no-histories.`,
      ),
    );
  }
  const neverStarted =
    outcomes.length === listed.length && outcomes.every((outcome) => outcome.kind === 'skipped');
  const allRegistered =
    registeredTypes !== undefined &&
    listed.every((execution) => registeredTypes.has(execution.workflowType));
  if (neverStarted && allRegistered && !evidence.listingTruncated) {
    return leftToPolicy(
      'not-started',
      `${counted(listed.length, 'execution')} matched and none has completed a workflow task yet: ` +
        'there is nothing to replay. All their workflow types are registered.',
    );
  }
  return inconclusive(
    'nothing-replayed',
    `None of ${counted(listed.length, 'matching execution')} could be judged.`,
  );
}

/** What else the author can do when nothing can confirm the claim. */
const OTHER_WAY = {
  title: 'take the claim out of the title',
  'build-id': 'take build-id out of the inputs',
  'on-no-claim': 'set on-no-claim to pass',
} as const;

/** Nothing matched. The policy decides only where this is known to be no mistake. */
function onNoMatch(
  { noMatch, registeredTypes }: Evidence,
  leftToPolicy: (reason: VerdictReason, summary: string) => Verdict,
): Verdict {
  switch (noMatch?.kind) {
    case undefined:
      return leftToPolicy('empty', 'No execution matches, so nothing confirms the claim.');
    case 'empty':
      return leftToPolicy(
        'empty',
        `No execution matches, so nothing confirms the claim. ${noMatch.explanation}`,
      );
    case 'not-started': {
      const { waiting, workflowTypes } = noMatch;
      const missing = workflowTypes.filter((type) => registeredTypes?.has(type) !== true);
      const are = `${counted(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for the first workflow task`;
      return missing.length === 0
        ? leftToPolicy(
            'not-started',
            `No execution matches yet: ${are}, so there is nothing to replay. All their workflow types are registered.`,
          )
        : inconclusive(
            'type-not-replayed',
            registeredTypes === undefined
              ? `Nothing could be replayed: ${are}, and it is not known whether the code registers ${listedTypes(missing)}.`
              : `Nothing could be replayed: ${are}, and the code does not register ${listedTypes(missing)}.`,
          );
    }
    case 'query-mismatch':
      return inconclusive('query-mismatch', noMatch.explanation);
    case 'not-known':
      return inconclusive(
        'empty',
        `No execution matches, so nothing confirms the claim. The check could not find out why: ${noMatch.explanation}`,
      );
  }
}

/** The server gave these names, and a message has no room for a hundred of them. */
function listedTypes(types: readonly string[]): string {
  const shown = types.slice(0, MAX_NAMED_TYPES).map(readable).join(', ');
  const more = types.length - MAX_NAMED_TYPES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const MAX_NAMED_TYPES = 10;
