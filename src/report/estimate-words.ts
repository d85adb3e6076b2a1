import type { Effort, Estimate } from '../model/estimate.js';

/** What the executions that were drawn by chance say about all the others. */
export function estimateWords({ running, atMost, confidence }: Estimate): string {
  return `At most ${percent(atMost)} of ${running} running executions can break (${percent(confidence)} confidence).`;
}

/** From what that is told. */
export function sampleWords({ sampled, affected, seed }: Estimate): string {
  const found = affected === 0 ? 'none' : String(affected);
  return `${found} of ${sampled} drawn by chance ${affected > 1 ? 'break' : 'breaks'} (seed ${seed})`;
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
