/**
 * Says why no Visibility query can carry a value, or undefined. Visibility stores escape quotes, backslashes
 * and control characters differently, so such a value would match other executions on another store.
 */
export function queryProblem(value: string): string | undefined {
  if (/['"`\\]/u.test(value)) return 'contains a quote or a backslash';
  if (/\p{C}/u.test(value)) return 'contains a control or invisible character';
  return undefined;
}
