import { describe, expect, test } from '@jest/globals';
import { refuseCredentials } from '../../src/inputs/refuse-credentials.js';

function refuse(
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
  files: readonly string[] = [],
): () => void {
  return () =>
    refuseCredentials(
      (name) => inputs[name],
      environment,
      (path) => files.includes(path),
    );
}

test('a job without credentials begins', () => {
  const environment = {
    HOME: '/home/runner',
    GITHUB_TOKEN: 'ghs_x',
    TEMPORAL_NAMESPACE: 'orders',
    TEMPORAL_API_KEY: '',
    'INPUT_CONTAINER-PASSPHRASE': 'correct horse battery staple',
  };
  expect(refuse({ 'container-passphrase': 'correct horse' }, environment)).not.toThrow();
});

describe('a job does not begin with', () => {
  test.each([
    'TEMPORAL_ADDRESS',
    'TEMPORAL_API_KEY',
    'TEMPORAL_TLS_CLIENT_KEY_DATA',
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
    'TEMPORAL_GRPC_META_AUTHORIZATION',
    'TEMPORAL_CODEC_AUTH',
    'TEMPORAL_CONFIG_FILE',
    'TEMPORAL_CLIENT_KEY',
  ])('the variable %s', (name) => {
    expect(refuse({}, { [name]: 'secret-value' })).toThrow(`the variable ${name}`);
    expect(refuse({}, { [name]: 'secret-value' })).not.toThrow(/secret-value/u);
  });

  test.each(['client-cert', 'client-key', 'api-key', 'codec-auth'])('the input %s', (name) => {
    expect(refuse({ [name]: 'secret-value' }, {})).toThrow(`the input ${name}`);
  });

  test('a private key in a variable of any name', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----\nabc';
    expect(refuse({}, { MINE: key, OTHER: 'x' })).toThrow(/variable MINE\. /u);
  });

  test('a profile where the tools of Temporal look for one', () => {
    const home = '/home/runner/.config/temporalio/temporal.toml';
    expect(refuse({}, { HOME: '/home/runner' }, [home])).toThrow(`the file ${home}`);
    const moved = '/config/temporalio/temporal.toml';
    expect(refuse({}, { HOME: '/home/runner', XDG_CONFIG_HOME: '/config' }, [home])).not.toThrow();
    expect(refuse({}, { XDG_CONFIG_HOME: '/config' }, [moved])).toThrow(moved);
  });

  test('several, of which it names all', () => {
    expect(refuse({ 'api-key': 'x' }, { TEMPORAL_ADDRESS: 'y' })).toThrow(
      /the input api-key, the variable TEMPORAL_ADDRESS/u,
    );
  });
});
