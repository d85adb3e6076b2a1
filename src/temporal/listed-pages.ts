import type proto from '@temporalio/proto';
import { UserError } from '../model/user-error.js';
import type { Server } from './connection.js';

export type ListedInfo = proto.temporal.api.workflow.v1.IWorkflowExecutionInfo;

/** The largest page that every Visibility store gives. */
const PAGE_SIZE = 1000;

/**
 * The most pages in a row that may bring nothing new. Stores can send a few when executions vanish during the
 * listing. Without this limit, a listing that repeats itself would never end.
 */
const MAX_PAGES_WITHOUT_NEWS = 100;

/** The executions that match, page by page, in the server's order. Each run comes once. */
export async function* listedPages(server: Server, query: string): AsyncGenerator<ListedInfo[]> {
  // Pages can overlap when the store changes during the listing.
  const seen = new Set<string>();
  let nextPageToken: Uint8Array = new Uint8Array();
  let pagesWithoutNews = 0;
  do {
    const token = nextPageToken;
    const response = await server.request('listing executions', (service) =>
      service.listWorkflowExecutions({
        namespace: server.settings.namespace,
        query,
        pageSize: PAGE_SIZE,
        nextPageToken: token,
      }),
    );
    const page = response.executions.filter(({ execution }) => {
      if (execution == null) return false;
      const runId = (execution.runId = inOnePiece(execution.runId ?? ''));
      const isNew = !seen.has(runId);
      seen.add(runId);
      return isNew;
    });
    yield page;
    nextPageToken = response.nextPageToken;
    pagesWithoutNews = page.length === 0 ? pagesWithoutNews + 1 : 0;
    if (pagesWithoutNews > MAX_PAGES_WITHOUT_NEWS) throw endless();
  } while (nextPageToken.length > 0);
}

function endless(): UserError {
  return new UserError({
    found: `The Temporal server's listing does not end: ${MAX_PAGES_WITHOUT_NEWS} pages in a row brought nothing new`,
    expected: 'pages that come to an end',
    fix: 'look at what stands between the runner and the server, and at its Visibility store; run again later',
  });
}

/** A search attribute that holds a list of keywords. */
export function keywords(info: ListedInfo, attribute: string): string[] {
  const payload = info.searchAttributes?.indexedFields?.[attribute];
  if (payload?.data == null || payload.data.length === 0) return [];
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(payload.data).toString('utf8'));
  } catch {
    return [];
  }
  const list: unknown[] = Array.isArray(values) ? values : [values];
  return list.filter((value): value is string => typeof value === 'string');
}

/**
 * A copy of the text. The protobuf reader joins a text from pieces and keeps all of them, so that an ID takes ten times
 * its length.
 */
export function inOnePiece(text: string): string {
  return Buffer.from(text).toString();
}

/** RFC 3339. */
export function timeOf(
  time: proto.google.protobuf.ITimestamp | null | undefined,
): string | undefined {
  if (time == null) return undefined;
  return new Date(Number(time.seconds ?? 0) * 1000 + (time.nanos ?? 0) / 1e6).toISOString();
}
