import type { Execution } from '../model/execution.js';

/** "007-order-running.json". Names of types are untrusted, and a file's name has a limit. */
export function fileName(
  number: number,
  { workflowType, status }: Pick<Execution, 'workflowType' | 'status'>,
): string {
  const type = workflowType.replace(/[^\w-]+/gu, '_').slice(0, 80);
  return `${String(number).padStart(3, '0')}-${type}-${status.toLowerCase()}.json`;
}
