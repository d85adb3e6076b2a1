import { startProcess } from '../../testing/processes.js';
import type { GeneratedServer } from '../../testing/generated-server.js';
import { program } from './loop.js';

/** Requests by method. */
export type Requests = Readonly<Record<string, number>>;

/** A server that makes up its executions, as a program of its own. */
export interface ServerProgram {
  readonly address: string;
  /** So far. */
  requests(): Promise<Requests>;
  stop(): Promise<void>;
}

/** @param path of a program that ends with `tellRequests` */
export async function startServerProgram(
  path: string,
  args: readonly string[],
): Promise<ServerProgram> {
  const [file, ...before] = program(path);
  const server = await startProcess(file, [...before, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { stdin, stdout } = server.child;
  if (stdin === null || stdout === null) throw new Error('the server has no pipes');
  const line = (): Promise<string> =>
    new Promise((resolve, reject) => {
      stdout.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8').trim()));
      void server.ended.then(() => reject(new Error('the server has ended')));
    });
  const address = await line().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    address,
    requests: async () => {
      const counted = line();
      stdin.write('\n');
      return JSON.parse(await counted) as Requests;
    },
    stop: () => server.stop(),
  };
}

/** Prints the server's address, and on every line of the input the requests so far, as JSON. */
export function tellRequests(server: Pick<GeneratedServer, 'address' | 'requests'>): void {
  console.log(server.address);
  process.stdin.on('data', () => console.log(JSON.stringify(server.requests)));
  process.stdin.on('end', () => process.exit(0));
}
