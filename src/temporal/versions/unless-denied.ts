import { messageOf } from '../../model/user-error.js';
import { GRPC, grpcCode } from '../server-problem.js';

/** Undefined where the identity may not ask this. The rest of the server is looked at all the same. */
export async function unlessDenied<T>(
  note: (text: string) => void,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (grpcCode(error) !== GRPC.PERMISSION_DENIED) throw error;
    note(messageOf(error));
    return undefined;
  }
}
