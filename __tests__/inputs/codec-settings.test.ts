import { afterAll, describe, expect, test } from '@jest/globals';
import type { CodecSettings } from '../../src/model/settings.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { problemOf, settingsOf, type Inputs } from './reading.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const codecOf = (inputs: Inputs): CodecSettings | undefined =>
  settingsOf(inputs, { workspace }).codec();
const urlOf = (endpoint: string, namespace = 'orders'): string | undefined =>
  codecOf({ 'codec-endpoint': endpoint, namespace })?.url.href;
const refused = (inputs: Inputs) => problemOf(() => codecOf(inputs));

test('without an endpoint there is no codec', () => {
  expect(codecOf({})).toBeUndefined();
});

test('it gets the namespace of the connection, and of history files', () => {
  const endpoint = { 'codec-endpoint': 'https://codec.test/{namespace}' };
  expect(codecOf({ ...endpoint, namespace: 'billing' })).toEqual({
    url: new URL('https://codec.test/billing/decode'),
    namespace: 'billing',
  });
  expect(codecOf({ ...endpoint, histories: '*.json', namespace: 'billing' })?.namespace).toBe(
    'billing',
  );
  expect(codecOf({ ...endpoint, histories: '*.json' })?.namespace).toBe('default');
});

test.each([
  ['https://codec.test', 'https://codec.test/decode'],
  ['https://codec.test/', 'https://codec.test/decode'],
  ['https://codec.test/a/b//', 'https://codec.test/a/b/decode'],
  ['https://codec.test:8443/{namespace}/v1', 'https://codec.test:8443/orders/v1/decode'],
  ['https://codec.test/a?code=1', 'https://codec.test/a/decode?code=1'],
  ['http://localhost:8081/{namespace}', 'http://localhost:8081/orders/decode'],
  ['http://127.0.0.1:8081', 'http://127.0.0.1:8081/decode'],
  ['http://[::1]:8081', 'http://[::1]:8081/decode'],
])('%s is asked at %s', (endpoint, url) => {
  expect(urlOf(endpoint)).toBe(url);
});

test('the namespace cannot lead out of its place in the path', () => {
  expect(urlOf('https://codec.test/{namespace}/x', 'a/../b?c#d@e')).toBe(
    'https://codec.test/a%2F..%2Fb%3Fc%23d%40e/x/decode',
  );
});

describe('an endpoint is refused that', () => {
  test.each([
    ['is no URL', 'codec.test', /is no URL/u],
    ['is no URL of the web', 'ftp://codec.test', /is not encrypted/u],
    ['is not encrypted', 'http://codec.test', /is not encrypted/u],
    ['only looks like this machine', 'http://localhost.example', /is not encrypted/u],
    ['only begins like this machine', 'http://127.0.0.1.example', /is not encrypted/u],
    ['ends in /decode', 'https://codec.test/decode', /ends in \/decode/u],
    ['lets the namespace choose the host', 'https://{namespace}.codec.test', /in the host/u],
    ['holds a fragment', 'https://codec.test/#a', /fragment/u],
  ])('%s', (_, endpoint, found) => {
    const problem = refused({ 'codec-endpoint': endpoint });
    expect(problem.found).toMatch(found);
    expect(problem.found).toMatch(/^Input codec-endpoint is "/u);
  });

  test('holds a password, which is not shown', () => {
    const problem = refused({ 'codec-endpoint': 'https://me:hidden@codec.test/?key=hidden' });
    expect(problem.found).toMatch(/holds a user name or a password/u);
    expect(problem.message).not.toContain('hidden');
  });
});

describe('codec-auth', () => {
  const endpoint = { 'codec-endpoint': 'https://codec.test' };

  test('is the value of the header', () => {
    expect(codecOf({ ...endpoint, 'codec-auth': 'Bearer a b' })?.authorization).toBe('Bearer a b');
  });

  test('demands an endpoint', () => {
    expect(refused({ 'codec-auth': 'Bearer hidden' }).found).toBe(
      'Input codec-auth is set and codec-endpoint is not',
    );
  });

  test.each(['Bearer hid\nden', 'Bearer hid\rden', 'Bearer hid\u0000den', 'Bearer hidé'])(
    'that no header can carry is refused, and not shown: %j',
    (value) => {
      const problem = refused({ ...endpoint, 'codec-auth': value });
      expect(problem.found).toMatch(/^Input codec-auth holds/u);
      expect(problem.message).not.toContain('hid');
    },
  );
});
