/**
 * The largest share at which a sample still has so few affected executions with a probability of
 * 1 - `confidence` (Clopper and Pearson, exact and one-sided). The sample is drawn without replacement, so the
 * true bound is even smaller.
 */
export function upperBound(affected: number, sampled: number, confidence: number): number {
  if (affected >= sampled) return 1;
  const alpha = 1 - confidence;
  if (affected === 0) return 1 - alpha ** (1 / sampled);
  let low = affected / sampled;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (atMostProbability(affected, sampled, middle) > alpha) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability of at most `successes` of `trials`, each with `share`. */
function atMostProbability(successes: number, trials: number, share: number): number {
  // In logarithms: with a thousand trials, single terms are too small for a number.
  let logTerm = trials * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let count = 1; count <= successes; count += 1) {
    logTerm += Math.log((trials - count + 1) / count) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(logTerm);
  }
  return sum;
}
