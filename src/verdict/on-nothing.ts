import type { Verdict, VerdictReason } from '../model/verdict.js';
import { readable } from '../untrusted/readable.js';
import type { Evidence } from './evidence.js';
import { counted, inconclusive } from './words.js';

/** Nothing was judged: the claim is neither confirmed nor refuted. */
export function onNothing(evidence: Evidence): Verdict {
  const { listed, outcomes, registeredTypes } = evidence;
  // Somebody stands behind a title; an input may be set once for every pull request.
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
    `Of ${counted(listed.length, 'matching execution')} none could be judged.`,
  );
}

/** What else there is to do where a claim has nothing to be confirmed by. */
const OTHER_WAY = {
  title: 'take the claim out of the title',
  'build-id': 'take build-id out of the inputs',
  'on-no-claim': 'set on-no-claim to pass',
} as const;
/** Nothing matched. Only what is known to be no mistake is left to the policy. */
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
              ? `Nothing could be replayed: ${are}, and whether the code registers ${listedTypes(missing)} is not known.`
              : `Nothing could be replayed: ${are}, and the code does not register ${listedTypes(missing)}.`,
          );
    }
    case 'query-mismatch':
      return inconclusive('query-mismatch', noMatch.explanation);
    case 'not-known':
      return inconclusive(
        'empty',
        `No execution matches, so nothing confirms the claim. Why could not be found out: ${noMatch.explanation}`,
      );
  }
}

/** Names that the server gave; a message is no place for a hundred of them. */
function listedTypes(types: readonly string[]): string {
  const shown = types.slice(0, MAX_NAMED_TYPES).map(readable).join(', ');
  const more = types.length - MAX_NAMED_TYPES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const MAX_NAMED_TYPES = 10;
