import { describe, expect, test } from '@jest/globals';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { ordersWorkspace } from '../../testing/orders-application.js';
import { projectRoot } from '../../testing/project-root.js';
import { checkPullRequest, type CheckResult } from '../../testing/pull-request-check.js';
import { inTier } from '../../testing/tiers.js';
import type { Workspace } from '../../testing/workspace.js';

/** What the code under test sees of the step's environment. */

const SEES = `module.exports = () => {
  throw new Error(\`sees \${JSON.stringify(Object.keys(process.env).sort())} \${process.env.REGION}\`);
};
`;

/** The way by which a variable comes into workflow code, which runs in a sandbox without \`process\`. */
const DEFINES = `const { DefinePlugin } = require(require.resolve('webpack', {
  paths: [require.resolve('@temporalio/worker')],
}));
module.exports = {
  bundlerOptions: {
    webpackConfigHook: (config) => ({
      ...config,
      plugins: [
        ...(config.plugins ?? []),
        new DefinePlugin({ REGION: JSON.stringify(process.env.REGION) }),
      ],
    }),
  },
};
`;

const READS = (expression: string): string => `
declare const REGION: string;
export async function order(): Promise<void> {
  throw new Error(\`the workflow sees \${${expression}}\`);
}
`;

const CREDENTIALS = {
  'api-key': 'c0ffee-c0ffee',
  'codec-endpoint': 'https://codec.test',
  'codec-auth': 'decaf-decaf',
};

async function check(
  files: Record<string, string>,
  inputs: Record<string, string>,
  env: Record<string, string>,
): Promise<CheckResult> {
  const workspace: Workspace = await ordersWorkspace({ files });
  await cp(
    join(projectRoot, '__tests__', 'fixtures', 'histories', 'orders-1.24.0'),
    join(workspace.path, 'histories'),
    { recursive: true },
  );
  const result = await checkPullRequest(workspace, {
    title: '[compatible-v1.0] Ship faster',
    inputs: { histories: 'histories/order-charging.json', ...inputs },
    env,
  });
  await workspace.remove();
  return result;
}
const said = (result: CheckResult): string =>
  result.annotations.map(({ message }) => message).join('\n');

const ENV = {
  REGION: 'eu-central',
  OTHER: 'not named',
  DEPLOY_TOKEN: 'c0ffee-token',
  TEMPORAL_API_KEY: 'c0ffee-key',
  NODE_OPTIONS: '--no-warnings',
};
const OPTIONS = { 'replay-options': 'options.js' };

/** Which of the allow-listed variables are there depends on who runs the tests; a shell sets the last. */
const ALLOWED = [
  ...['PATH', 'HOME', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'TEMP', 'TMP'],
  ...['PWD', 'OLDPWD', 'SHLVL', '_'],
];

describe('the module of replay-options', () => {
  const seen = (result: CheckResult): string[] =>
    JSON.parse(/sees (\[.*?\])/u.exec(said(result))?.[1] ?? 'null') as string[];

  test('sees what is named, and no credential', async () => {
    const result = await check(
      { 'options.js': SEES },
      { ...OPTIONS, ...CREDENTIALS, 'replay-env': 'REGION', histories: 'histories/*' },
      ENV,
    );
    expect(said(result)).toMatch(/eu-central/u);
    expect(seen(result).filter((name) => !ALLOWED.includes(name))).toEqual(['REGION']);
  });

  test('sees nothing of the kind without', async () => {
    const result = await check({ 'options.js': SEES }, OPTIONS, ENV);
    expect(said(result)).toMatch(/\] undefined/u);
    expect(seen(result).filter((name) => !ALLOWED.includes(name))).toEqual([]);
  });
});

inTier('middle', 'what workflow code sees of the environment', () => {
  describe('workflow code', () => {
    test('sees a variable that replay-options defines for its bundle', async () => {
      const result = await check(
        { 'options.js': DEFINES, 'src/workflows/order.ts': READS('REGION') },
        { ...OPTIONS, 'replay-env': 'REGION' },
        ENV,
      );
      expect(said(result)).toMatch(/the workflow sees eu-central/u);
    });

    test('sees no environment by itself, as on a worker', async () => {
      const result = await check(
        { 'src/workflows/order.ts': READS('typeof (globalThis as any).process') },
        { 'replay-env': 'REGION' },
        ENV,
      );
      expect(said(result)).toMatch(/the workflow sees undefined/u);
    });
  });

  describe('is refused before any code of the pull request runs', () => {
    test.each<[what: string, inputs: Record<string, string>, env: Record<string, string>, RegExp]>([
      ['a secret name', { 'replay-env': 'DEPLOY_TOKEN' }, ENV, /looks like a secret by its name/u],
      ['a name of ours', { 'replay-env': 'TEMPORAL_API_KEY' }, ENV, /is one of TEMPORAL_\*/u],
      ['one that alters', { 'replay-env': 'NODE_OPTIONS' }, ENV, /changes the program/u],
      [
        'the value of an input',
        { 'replay-env': 'REGION', ...CREDENTIALS },
        { REGION: 'see c0ffee-c0ffee' },
        /REGION, whose value holds the value of the input api-key/u,
      ],
      [
        'a private key',
        { 'replay-env': 'REGION' },
        { REGION: '-----BEGIN PRIVATE KEY-----\nMHcCAQEE' },
        /REGION, whose value is a private key/u,
      ],
      ['nothing', { 'replay-env': 'REGION' }, {}, /names REGION, which is not set/u],
    ])('%s', async (_, inputs, env, found) => {
      const result = await check({ 'options.js': SEES }, { ...OPTIONS, ...inputs }, env);
      expect(result.exitCode).toBe(1);
      expect(result.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'error' });
      expect(said(result)).toMatch(found);
      expect(said(result)).not.toMatch(/sees \[|c0ffee|MHcCAQEE/u);
    });
  });
});
