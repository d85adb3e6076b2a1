import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who sends the bytes that a fault spoils. */
export type Direction = 'to-server' | 'to-client';

/**
 * What a network does to one connection. It knows nothing of what is said over it. Bytes are counted in
 * the fault's direction, by default in what the server sends.
 */
export type ConnectionFault = { readonly direction?: Direction } & (
  | { readonly kind: 'latency'; readonly milliseconds: number }
  | { readonly kind: 'throttle'; readonly bytesPerSecond: number }
  /** A TCP reset, as a firewall or a crashed machine sends it. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** An orderly end in the middle of something. */
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  /** From then on nothing goes through, either way, and nobody is told. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** Only this direction is lost: one side goes on talking to nobody. */
  | { readonly kind: 'half-open'; readonly afterBytes: number }
  /** One bit is another one. */
  | { readonly kind: 'flip'; readonly afterBytes: number; readonly bit: number }
  /** A piece of noise comes in between. */
  | { readonly kind: 'noise'; readonly afterBytes: number; readonly bytes: number }
  /** Closed before anything is said. */
  | { readonly kind: 'refuse' }
);

export interface FaultProxy {
  readonly address: string;
  /** Connections that were spoiled so far. */
  readonly spoiled: number;
  stop(): Promise<void>;
}

/**
 * Stands between a client and a server, and spoils connections.
 *
 * @param target `host:port`
 * @param faultOf the fault of the connection with this number, counted from 0
 */
export async function startFaultProxy(
  target: string,
  faultOf: (connection: number) => ConnectionFault | undefined,
): Promise<FaultProxy> {
  const [host = '', port = ''] = target.split(':');
  const open = new Set<Socket>();
  let connections = 0;
  let spoiled = 0;
  const keep = (socket: Socket): void => {
    open.add(socket);
    // What is spoiled on purpose fails on purpose.
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    keep(client);
    const fault = faultOf(connections);
    connections += 1;
    if (fault !== undefined) spoiled += 1;
    if (fault?.kind === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
    keep(upstream);
    const link: Link = { client, upstream, isDead: false };
    const of = (direction: Direction): ConnectionFault | undefined =>
      (fault?.direction ?? 'to-client') === direction ? fault : undefined;
    void pass(client, upstream, of('to-server'), link);
    void pass(upstream, client, of('to-client'), link);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get spoiled() {
      return spoiled;
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  /** Nothing passes any more, and both ends stay open. */
  isDead: boolean;
}

async function pass(
  from: Socket,
  to: Socket,
  fault: ConnectionFault | undefined,
  link: Link,
): Promise<void> {
  if (fault?.kind === 'latency') return passLater(from, to, fault.milliseconds);
  let passed = 0;
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (link.isDead) continue;
      const spoiled = fault === undefined ? chunk : await spoil(chunk, passed, fault, link);
      passed += chunk.length;
      if (spoiled === undefined) return;
      if (spoiled.length > 0 && !to.write(spoiled)) await drained(to);
    }
    if (!link.isDead) to.end();
  } catch {
    // One end is gone: so is the other.
    if (!link.isDead) to.destroy();
  }
}

/** Everything comes so much later and nothing waits for what is before it: latency, and no bottleneck. */
async function passLater(from: Socket, to: Socket, milliseconds: number): Promise<void> {
  let last = Promise.resolve();
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      const due = sleep(milliseconds);
      const before = last;
      last = before.then(() => due).then(() => void to.write(chunk));
      // It is awaited at the end; until then a failure must not count as unhandled.
      last.catch(() => undefined);
    }
    await last;
    to.end();
  } catch {
    // One end is gone: so is the other.
    to.destroy();
  }
}

/** @returns what goes on; undefined when nothing more does */
async function spoil(
  chunk: Buffer,
  passed: number,
  fault: Exclude<ConnectionFault, { kind: 'latency' }>,
  link: Link,
): Promise<Buffer | undefined> {
  switch (fault.kind) {
    case 'refuse':
      return undefined;
    case 'throttle':
      await sleep((chunk.length / fault.bytesPerSecond) * 1000);
      return chunk;
    case 'reset':
    case 'truncate':
    case 'stall':
    case 'half-open':
    case 'flip':
    case 'noise': {
      const at = fault.afterBytes - passed;
      // Not yet, or, of what happens once, not any more.
      if (at >= chunk.length) return chunk;
      return spoilAt(chunk, at, fault, link);
    }
  }
}

function spoilAt(
  chunk: Buffer,
  at: number,
  fault: Extract<ConnectionFault, { afterBytes: number }>,
  link: Link,
): Buffer | undefined {
  const { client, upstream } = link;
  switch (fault.kind) {
    case 'reset':
      client.resetAndDestroy();
      upstream.resetAndDestroy();
      return undefined;
    case 'truncate':
      client.write(chunk.subarray(0, Math.max(0, at)));
      client.end();
      upstream.destroy();
      return undefined;
    case 'stall':
      link.isDead = true;
      return Buffer.alloc(0);
    case 'half-open':
      return at > 0 ? chunk.subarray(0, at) : Buffer.alloc(0);
    case 'flip': {
      if (at < 0) return chunk;
      const flipped = Buffer.from(chunk);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (fault.bit % 8)), at);
      return flipped;
    }
    case 'noise': {
      if (at < 0) return chunk;
      const noise = Buffer.from(Array.from({ length: fault.bytes }, (_, n) => (n * 151 + 7) % 256));
      return Buffer.concat([chunk.subarray(0, at), noise, chunk.subarray(at)]);
    }
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', () => resolve());
  });
}
