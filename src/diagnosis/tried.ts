import { mergeProofs } from '../model/proof.js';
import type { UnweighedFinding } from './failure.js';

/** What was tried for a cause, in one run or in several. */
export function triedFor(
  group: readonly Pick<UnweighedFinding, 'proof' | 'editsTried'>[],
): Pick<UnweighedFinding, 'proof' | 'editsTried'> {
  const proof = mergeProofs(group.map((one) => one.proof));
  if (proof !== undefined) return { proof };
  const editsTried = Math.max(...group.map((one) => one.editsTried ?? 0));
  return editsTried === 0 ? {} : { editsTried };
}
