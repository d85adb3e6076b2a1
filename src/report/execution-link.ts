import type { Execution } from '../model/execution.js';
import type { Target } from '../model/target.js';
import { markdownCode } from '../untrusted/markdown.js';
import { executionName, type ShowWorkflowIds } from './workflow-ids.js';

/** Where Temporal Cloud shows executions, whatever the region. */
const CLOUD_UI = 'https://cloud.temporal.io';

const CLOUD_HOST = /(?:\.tmprl\.cloud|\.api\.temporal\.io)(?::\d+)?$/iu;

export interface LinkOptions {
  readonly showWorkflowIds: ShowWorkflowIds;
  /** Root of the Temporal UI; undefined: that of Temporal Cloud, where the server is there. */
  readonly uiUrl?: string | undefined;
}

/** An execution as Markdown, with a link to the Temporal UI where it may be named and the UI is known. */
export function executionLink(
  execution: Execution,
  target: Target | undefined,
  options: LinkOptions,
): string {
  const name = markdownCode(executionName(execution, options.showWorkflowIds));
  const url = executionUrl(execution, target, options);
  return url === undefined ? name : `<a href="${url}">${name}</a>`;
}

/** Its page in the Temporal UI, safe between quotes; undefined where it may not be named, or the UI is not known. */
export function executionUrl(
  execution: Execution,
  target: Target | undefined,
  { showWorkflowIds, uiUrl }: LinkOptions,
): string | undefined {
  const isNamed = showWorkflowIds === 'true' && execution.unknownIds === undefined;
  if (!isNamed || target === undefined || target.kind === 'history-files') return undefined;
  const root = uiUrl ?? (CLOUD_HOST.test(target.address) ? CLOUD_UI : undefined);
  if (root === undefined) return undefined;
  const [namespace, workflowId, runId] = [
    target.namespace,
    execution.workflowId,
    execution.runId,
  ].map(inUrl);
  return `${root}/namespaces/${namespace ?? ''}/workflows/${workflowId ?? ''}/${runId ?? ''}/history`;
}

function inUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/'/gu, '%27');
}
