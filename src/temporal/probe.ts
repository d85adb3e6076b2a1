import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionSettings } from '../model/settings.js';

/** The probe's message when the settings have no TLS, but the server answers to TLS. */
export const SPEAKS_TLS = 'the server answers to TLS and not to plain text';

/** The probe's message when the server is a web server. */
export const SPEAKS_HTTP1 = 'the server answers in HTTP/1 and not in HTTP/2';

/** The start of HTTP/2 (RFC 9113, section 3.4) with an empty SETTINGS frame. It requests nothing. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

const TIMEOUT_MS = 5000;

/** With TLS 1.3 a server refuses the client's certificate only after the handshake seems done. */
const REFUSAL_WAIT_MS = 1000;

/**
 * Finds out why the client cannot connect: it opens sockets with the same certificates. Gives the socket's error,
 * or undefined where the socket finds nothing wrong.
 */
export async function probe(settings: ConnectionSettings): Promise<Error | undefined> {
  const { host, port } = split(settings.address);
  if (settings.tls === undefined) {
    const unreachable = await outcome(connectTcp({ host, port }), 'connect', 0);
    if (unreachable !== undefined) return unreachable;
    // This only tests whether the server answers to TLS. Nothing is sent over this connection.
    const refusal = await outcome(
      connectTls({ host, port, ALPNProtocols: ['h2'], rejectUnauthorized: false }),
      'secureConnect',
      0,
    );
    if (refusal === undefined) return new Error(SPEAKS_TLS);
    const fault = await outcome(connectTcp({ host, port }), 'connect');
    // The client itself reports any other fault.
    return fault?.message === SPEAKS_HTTP1 ? fault : undefined;
  }
  const { clientCertificate, serverCaCertificate, serverName } = settings.tls;
  return outcome(
    connectTls({
      host,
      port,
      ALPNProtocols: ['h2'],
      ...nameFor(serverName ?? host),
      ...(serverCaCertificate === undefined ? {} : { ca: serverCaCertificate }),
      ...(clientCertificate === undefined
        ? {}
        : { cert: clientCertificate.certificate, key: clientCertificate.key }),
    }),
    'secureConnect',
  );
}

/**
 * The socket's error. Once the socket is `ready`, it sends the start of HTTP/2 and waits `waitMs` for a fault in the
 * answer. If `waitMs` is 0, it sends nothing.
 */
function outcome(
  socket: Socket,
  ready: string,
  waitMs: number = REFUSAL_WAIT_MS,
): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const settle = (error: Error | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(error);
    };
    const timer = setTimeout(
      () => settle(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
      TIMEOUT_MS,
    );
    socket.on('error', settle);
    // A server that speaks no TLS may just hang up.
    socket.on('close', () => settle(new Error('the server closed the connection')));
    socket.once(ready, () => {
      if (waitMs === 0) {
        settle(undefined);
        return;
      }
      setTimeout(() => settle(undefined), waitMs);
      socket.once('data', (answer: Buffer) =>
        settle(answer.toString('latin1', 0, 5) === 'HTTP/' ? new Error(SPEAKS_HTTP1) : undefined),
      );
      socket.write(PREFACE);
    });
  });
}

/** IP addresses are no server names in TLS. */
function nameFor(name: string): { servername?: string } {
  return /^[\d.]+$|:/u.test(name) ? {} : { servername: name };
}

function split(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':');
  return {
    host: address.slice(0, at).replace(/^\[|\]$/gu, ''),
    port: Number(address.slice(at + 1)),
  };
}
