import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/** How many executions match, without listing them. */
export async function countExecutions(server: Server, query: string): Promise<number> {
  const response = await server.request('counting executions', (service) =>
    service.countWorkflowExecutions({ namespace: server.settings.namespace, query }),
  );
  return Number(response.count);
}

/** How many executions have each status, as in "12 Completed, 3 Running". Empty where there is no execution. */
export async function countByStatus(server: Server, query = ''): Promise<string> {
  const isRefused = (error: unknown): boolean => grpcCode(error) === GRPC.INVALID_ARGUMENT;
  try {
    const response = await server.request(
      'counting executions',
      (service) =>
        service.countWorkflowExecutions({
          namespace: server.settings.namespace,
          query: `${query} GROUP BY ExecutionStatus`.trimStart(),
        }),
      isRefused,
    );
    return response.groups
      .map(({ groupValues, count }) => ({
        status: statusOf(groupValues?.[0]?.data),
        count: Number(count),
      }))
      .sort((a, b) => b.count - a.count)
      .map(({ status, count }) => `${count} ${status}`)
      .join(', ');
  } catch (error) {
    if (!isRefused(error)) throw error;
    // Not every Visibility store can group.
    const count = await countExecutions(server, query);
    return count === 0 ? '' : `${count} executions`;
  }
}

function statusOf(data: Uint8Array | null | undefined): string {
  return String(JSON.parse(Buffer.from(data ?? []).toString('utf8')));
}
