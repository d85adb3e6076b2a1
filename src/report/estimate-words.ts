import type { Effort, Estimate } from '../model/estimate.js';

/** What the executions that were drawn by chance say of those that were not looked at. */
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
    `of ${sampled} that were drawn by chance, ${found} ${affected > 1 ? 'are' : 'is'} (seed ${seed})`
  );
}

/** Rounded up: what is at most must not be told as less. */
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
