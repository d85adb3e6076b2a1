import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { makeCertificates, type Certificates } from '../../testing/certificates.js';
import { freePort } from '../../testing/free-port.js';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { checkHere } from '../../testing/pull-request-check.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';

/** The address of a web server, such as Temporal's web UI, instead of the frontend's. */

let folder: string;
let certificates: Certificates;
beforeAll(async () => {
  folder = await temporaryFolder('certificates');
  certificates = await makeCertificates(folder);
});
afterAll(() => removeFolder(folder));

const page = (_: unknown, response: { end(text: string): void }): void =>
  response.end('<!doctype html><title>Temporal</title>');

test.each<[name: string, make: () => Server, inputs: () => Record<string, string>]>([
  ['without TLS', () => createServer(page), () => ({})],
  [
    'with TLS',
    () => createTlsServer({ cert: certificates.server.cert, key: certificates.server.key }, page),
    () => ({ 'server-ca-cert': certificates.ca.cert }),
  ],
])('%s', async (_, make, inputs) => {
  const port = await freePort();
  const server = make();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const workspace = await ordersWorkspace();
  const result = await checkHere(workspace, {
    title: '[compatible-v1.0] Ship faster',
    inputs: { address: `localhost:${port}`, 'task-queue': 'orders', ...inputs() },
  });
  await workspace.remove();
  await new Promise((resolve) => server.close(resolve));
  expect(result.exitCode).toBe(1);
  expect(result.annotations[0]?.message).toMatch(
    /is a web server and no Temporal frontend .*gRPC port, 7233.*web UI/u,
  );
});
