import { UserError } from '../model/user-error.js';
import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/**
 * How long the namespace keeps closed executions, in milliseconds. Undefined where the server does not tell: not
 * every credential may describe a namespace.
 */
export async function readRetention(server: Server): Promise<number | undefined> {
  const isUntold = (error: unknown): boolean => grpcCode(error) === GRPC.PERMISSION_DENIED;
  try {
    const { config } = await server.request(
      'describing the namespace',
      (service) => service.describeNamespace({ namespace: server.settings.namespace }),
      isUntold,
    );
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    return seconds > 0 ? seconds * 1000 : undefined;
  } catch (error) {
    if (isUntold(error) || error instanceof UserError) return undefined;
    throw error;
  }
}
