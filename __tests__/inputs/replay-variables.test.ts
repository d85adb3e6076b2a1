import { afterAll, describe, expect, test } from '@jest/globals';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { problemOf, settingsOf, type Inputs } from './reading.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const variablesOf = (names: string, variables: NodeJS.ProcessEnv, inputs: Inputs = {}) =>
  settingsOf({ 'replay-env': names, ...inputs }, { workspace, variables }).replayer.variables();
const refusedName = (name: string) =>
  problemOf(() => settingsOf({ 'replay-env': name }, { workspace }));
const refusedValue = (value: string, variables: NodeJS.ProcessEnv = {}, inputs: Inputs = {}) =>
  problemOf(() => variablesOf('REGION', { REGION: value, ...variables }, inputs));

test('the named variables come with their values, and no other does', () => {
  expect(
    variablesOf('REGION, NODE_ENV\nFeature_Flags', {
      REGION: 'eu',
      NODE_ENV: 'production',
      Feature_Flags: '',
      OTHER: 'x',
    }),
  ).toEqual({ REGION: 'eu', NODE_ENV: 'production', Feature_Flags: '' });
  expect(variablesOf('', { REGION: 'eu' })).toEqual({});
});

describe('names that say what they may not be are refused, before anything is asked', () => {
  test.each([
    ...['API_TOKEN', 'NPMTOKEN', 'deployToken', 'DB_PASSWORD', 'DB_PASSWD', 'DB_PWD', 'DB_PASS'],
    ...['CLIENT_SECRET', 'SECRETS', 'ENCRYPTION_KEY', 'apiKey', 'KEY', 'SIGNING_KEYS', 'KEY2'],
    ...['ACCESSKEYID', 'CREDENTIALS', 'BOX_CREDS', 'BASIC_AUTH', 'AUTH', 'PRIVATE_PEM'],
    ...['SESSION_COOKIE', 'SENTRY_DSN', 'JWT', 'MY_PAT', 'STORAGE_CONNECTION_STRING', 'PASSPHRASE'],
  ])('%s looks like a secret', (name) => {
    expect(refusedName(name).found).toBe(
      `Input replay-env names "${name}", which looks like a secret by its name`,
    );
  });

  test.each([
    ...['TEMPORAL_ADDRESS', 'temporal_namespace', 'GITHUB_REF', 'GH_HOST', 'ACTIONS_STEP_DEBUG'],
    ...['RUNNER_TEMP', 'INPUT_QUERY', 'STATE_x', 'AWS_PROFILE', 'AZURE_CLIENT_ID', 'ARM_TENANT_ID'],
    ...['GOOGLE_APPLICATION', 'VAULT_ADDR', 'DOCKER_HOST', 'KUBECONFIG', 'npm_config_registry'],
    'SSH_AGENT_PID',
  ])('%s is of a family that carries credentials, or the runner’s', (name) => {
    expect(refusedName(name).found).toMatch(/is one of .*\*, which carry credentials/u);
  });

  test.each([
    ...['NODE_OPTIONS', 'node_options', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'LD_PRELOAD'],
    ...['LD_LIBRARY_PATH', 'DYLD_INSERT_LIBRARIES', 'UV_THREADPOOL_SIZE', 'SSLKEYLOGFILE'],
    ...['OPENSSL_CONF', 'BASH_ENV', 'GIT_DIR', 'IFS', '__proto__'],
  ])('%s changes the program that replays', (name) => {
    expect(refusedName(name).found).toMatch(/changes the program that replays/u);
  });

  test.each(['1A', 'A-B', 'A B', 'A=B', '$A', 'Ä'])('%s is no name', (name) => {
    expect(refusedName(name).found).toMatch(/is no name of a variable/u);
  });

  test.each([
    ...['REGION', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'NODE_ENV', 'FEATURE_FLAGS', 'MONKEY'],
    ...['AUTHOR', 'KEYBOARD', 'COMPASS', 'SPATIAL', 'TENANT', 'LOG_LEVEL', 'PASSENGERS'],
  ])('%s is let through', (name) => {
    expect(variablesOf(name, { [name]: 'x' })).toEqual({ [name]: 'x' });
  });

  test('all are told at once', () => {
    expect(refusedName('A_TOKEN, REGION, LD_PRELOAD').found).toMatch(
      /"A_TOKEN", which .*; "LD_PRELOAD", which/u,
    );
  });
});

describe('a value that is a credential is refused, and never shown', () => {
  test.each([
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\\nMHcCAQEE'],
    ['a GitHub token', 'ghs_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['a GitHub token', 'https://x:github_pat_11AAAAAAA0abcdefghij@github.com'],
    ['a JSON Web Token', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ.c2ln'],
    ['a cloud access key', 'AKIAIOSFODNN7EXAMPLE'],
    ['a URL with a password', 'postgres://orders:hunter2@db.internal/orders'],
  ])('%s', (what, value) => {
    const problem = refusedValue(value);
    expect(problem.found).toBe(`Input replay-env names REGION, whose value is ${what}`);
    expect(problem.message).not.toContain(value.slice(-8));
  });

  test.each<[Inputs]>([
    [{ 'api-key': 'c0ffee-c0ffee' }],
    [{ 'codec-auth': 'c0ffee-c0ffee' }],
    [{ 'github-token': 'c0ffee-c0ffee' }],
    [{ 'client-key': '-----BEGIN X-----\nc0ffee-c0ffee\n-----END X-----' }],
    [{ 'client-key': '-----BEGIN X-----\\nc0ffee-c0ffee\\n-----END X-----' }],
  ])('that of an input, also within it: %j', (inputs) => {
    const [name] = Object.keys(inputs);
    const problem = refusedValue('before c0ffee-c0ffee after', {}, inputs);
    expect(problem.found).toBe(
      `Input replay-env names REGION, whose value holds the value of the input ${name}`,
    );
    expect(problem.message).not.toContain('c0ffee');
  });

  test('that of another variable which looks secret', () => {
    expect(refusedValue('c0ffee-c0ffee', { DB_PASSWORD: 'c0ffee-c0ffee' }).found).toMatch(
      /holds the value of DB_PASSWORD/u,
    );
  });

  test('a word that such a variable holds too is none', () => {
    const variables = { REGION: 'https://production.example', DEPLOY_KEY: 'production' };
    expect(variablesOf('REGION', variables)).toEqual({ REGION: 'https://production.example' });
  });
});

test('a variable that is not set is an error: the code could take another way without it', () => {
  const problem = problemOf(() => variablesOf('REGION, TENANT', {}));
  expect(problem.found).toBe('Input replay-env names REGION, TENANT, which are not set');
  expect(problem.fix).toMatch(/under "env:" of this step/u);
});
