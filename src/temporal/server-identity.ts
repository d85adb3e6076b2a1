import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/**
 * What tells this server's namespace from all others. The address alone is not enough: behind a forwarded port there
 * can be another cluster the next time. So the ID of the cluster is part of it, where the server tells it.
 */
export async function serverIdentity(server: Server): Promise<readonly string[]> {
  const { address, namespace } = server.settings;
  const untold: readonly (number | undefined)[] = [GRPC.PERMISSION_DENIED, GRPC.UNIMPLEMENTED];
  const isUntold = (error: unknown): boolean => untold.includes(grpcCode(error));
  try {
    const { clusterId } = await server.request(
      'asking for the cluster',
      (service) => service.getClusterInfo({}),
      isUntold,
    );
    return [address, clusterId, namespace];
  } catch (error) {
    if (!isUntold(error)) throw error;
    return [address, '', namespace];
  }
}
