import { expect, test } from '@jest/globals';
import { UserError } from '../../src/model/user-error.js';
import { readRetention } from '../../src/temporal/read-retention.js';
import { FakeServer, grpcError } from '../builders/fake-server.js';

const answering = (describeNamespace: () => unknown): Promise<number | undefined> =>
  readRetention(new FakeServer({ describeNamespace }).server);

test('the retention of the namespace is read', async () => {
  const config = { workflowExecutionRetentionTtl: { seconds: 3 * 86_400 } };
  expect(await answering(() => ({ config }))).toBe(3 * 86_400_000);
});

test('it is unknown where the server does not tell', async () => {
  expect(await answering(() => ({}))).toBeUndefined();
  const refused = [
    grpcError(7, 'PERMISSION_DENIED', 'Request unauthorized.'),
    new UserError({ found: 'The server does not answer' }),
  ];
  for (const error of refused) {
    expect(await answering(() => Promise.reject(error))).toBeUndefined();
  }
});

test('a fault that is no answer of the server is not swallowed', async () => {
  await expect(answering(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
});
