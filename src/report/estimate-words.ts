import type { Effort, Estimate } from '../model/estimate.js';

/** What the executions that were drawn by chance say about all the others. */
export function estimateWords({
  running,
  sampled,
  affected,
  atMost,
  confidence,
  seed,
}: Estimate): string {
  const found = affected === 0 ? 'none' : String(affected);
  return (
    `at most ${percent(atMost)} of ${running} running executions can be affected, with ${percent(confidence)} confidence: ` +
    `${found} of ${sampled} drawn by chance ${affected > 1 ? 'are' : 'is'} affected (seed ${seed})`
  );
}

/** Rounded up, because the number is an upper bound. */
function percent(share: number): string {
  const digits = 10 ** Math.max(1, 1 - Math.floor(Math.log10(share * 100 || 1)));
  return `${Math.ceil(Number((share * 100 * digits).toPrecision(12))) / digits} %`;
}

export function effortWords({ requests, histories, store }: Effort): string {
  const reused = store === undefined ? '' : `, ${store.reused} taken from history-cache`;
  return (
    `${requests} ${requests === 1 ? 'request' : 'requests'}; ` +
    `${histories} ${histories === 1 ? 'history was' : 'histories were'} read${reused}`
  );
}
