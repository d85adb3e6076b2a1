import { afterAll, describe, expect, test } from '@jest/globals';
import { formatOf } from '../../src/model/report-format.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { problemOf, settingsOf as settingsIn, type Inputs } from './reading.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const settingsOf = (inputs: Inputs = {}) => settingsIn(inputs, { workspace });

describe('without any input', () => {
  test('the defaults of action.yml hold', () => {
    expect(settingsOf()).toEqual({
      title: undefined,
      buildId: undefined,
      claimPosition: 'start',
      advice: false,
      passesUnclaimedForks: true,
      engine: 'temporal',
      githubToken: undefined,
      workspace: workspace.path,
      source: {
        kind: 'server',
        connection: expect.any(Function),
        taskQueues: [],
        versioning: 'auto',
        deploymentName: undefined,
        query: undefined,
      },
      replayer: {
        language: expect.any(Function),
        workingDirectory: workspace.path,
        workflows: undefined,
        replayOptions: undefined,
        variables: expect.any(Function),
        isolation: 'auto',
      },
      codec: expect.any(Function),
      historyCache: expect.any(Function),
      budget: {
        maxHistories: 1000,
        maxReads: 5000,
        timeBudgetMs: 600_000,
        historyTimeoutMs: 30_000,
        select: 'coverage',
        replayConcurrency: expect.any(Number),
        fetchConcurrency: 5,
        maxRequestsPerSecond: undefined,
      },
      policy: {
        closed: 'predict',
        closedWindowMs: 604_800_000,
        onNoClaim: 'pass',
        onUnknownBuild: 'fail',
        onNoHistories: undefined,
        drift: 'report',
      },
      reporting: {
        showWorkflowIds: undefined,
        uiUrl: undefined,
        comment: 'never',
        suggest: false,
        reports: [],
      },
    });
  });
});

describe('a title without a claim', () => {
  const onNoClaim = (inputs: Inputs) => settingsOf(inputs).policy.onNoClaim;

  test('is checked by default where a Worker Deployment is named, and nowhere else', () => {
    expect(onNoClaim({ 'deployment-name': 'orders' })).toBe('check');
    expect(onNoClaim({ versioning: 'worker-deployment' })).toBe('check');
    expect(onNoClaim({ versioning: 'version-set' })).toBe('pass');
    expect(onNoClaim({ 'deployment-name': 'orders', 'on-no-claim': 'pass' })).toBe('pass');
  });

  test('is not checked on a fork only by default, and only without any credential', () => {
    const passes = (inputs: Inputs, variables: NodeJS.ProcessEnv = {}) =>
      settingsIn(inputs, { workspace, variables }).passesUnclaimedForks;
    expect(passes({})).toBe(true);
    expect(passes({}, { TEMPORAL_API_KEY: '' })).toBe(true);
    expect(passes({ 'on-no-claim': 'check' })).toBe(false);
    expect(passes({ 'api-key': 'k' })).toBe(false);
    expect(passes({ 'client-cert': 'c', 'client-key': 'k' })).toBe(false);
    expect(passes({}, { TEMPORAL_API_KEY: 'k' })).toBe(false);
  });
});

describe('history files', () => {
  test('are red also where only closed executions break, unless that is asked for otherwise', () => {
    const closed = (inputs: Inputs) => settingsOf(inputs).policy.closed;
    expect(closed({ histories: '*.json' })).toBe('fail');
    expect(closed({ histories: '*.json', closed: 'predict' })).toBe('predict');
    expect(closed({})).toBe('predict');
  });
});

test('select: all lifts the numbers of histories', () => {
  const { budget } = settingsOf({ select: 'all', 'max-histories': '5', 'max-reads': '5' });
  expect(budget.maxReads).toBe(Number.POSITIVE_INFINITY);
  expect(budget.maxHistories).toBe(Number.POSITIVE_INFINITY);
});

describe('working-directory', () => {
  test('is a folder of the checkout', () => {
    const folder = workspace.folder('packages/orders');
    expect(settingsOf({ 'working-directory': 'packages/orders' }).replayer.workingDirectory).toBe(
      folder,
    );
    expect(settingsOf({ 'working-directory': folder }).replayer.workingDirectory).toBe(folder);
  });

  test('may be a link within the checkout, and is then what it leads to', () => {
    const folder = workspace.folder('packages/orders');
    workspace.link('orders', 'packages/orders');
    expect(settingsOf({ 'working-directory': 'orders' }).replayer.workingDirectory).toBe(folder);
  });

  test.each([
    ['leads out of it', () => workspace.folder('../elsewhere'), '../elsewhere'],
    ['is absolute and elsewhere', () => workspace.folder('../elsewhere'), '/'],
    ['only begins like it', () => workspace.folder('../checkout-2'), '../checkout-2'],
    [
      'is a link out of it',
      () => {
        workspace.folder('../elsewhere');
        workspace.link('out', '../elsewhere');
      },
      'out',
    ],
    ['leads out of it by a link', () => workspace.folder('../elsewhere/deep'), 'out/deep'],
    ['leads out of it to what does not exist', () => undefined, '../nowhere'],
  ])('is refused when it %s', (_, prepare, path) => {
    prepare();
    const problem = problemOf(() => settingsOf({ 'working-directory': path }));
    expect(problem.found).toContain('outside the workspace');
  });

  test('is refused when it does not exist or is a file', () => {
    workspace.file('package.json');
    expect(problemOf(() => settingsOf({ 'working-directory': 'nowhere' })).found).toContain(
      'does not exist',
    );
    expect(problemOf(() => settingsOf({ 'working-directory': 'package.json' })).found).toContain(
      'not a directory',
    );
  });
});

describe('replay-options', () => {
  test('is a file, relative to working-directory', () => {
    const file = workspace.file('packages/billing/src/replay.ts');
    const { replayer } = settingsOf({
      'working-directory': 'packages/billing',
      'replay-options': 'src/replay.ts',
    });
    expect(replayer.replayOptions).toBe(file);
  });

  test('may lie elsewhere in the checkout', () => {
    const file = workspace.file('shared/replay.ts');
    workspace.folder('packages/billing');
    const { replayer } = settingsOf({
      'working-directory': 'packages/billing',
      'replay-options': '../../shared/replay.ts',
    });
    expect(replayer.replayOptions).toBe(file);
  });

  test.each([
    [
      'leads out of the checkout',
      () => workspace.file('../elsewhere/replay.ts'),
      '../elsewhere/replay.ts',
    ],
    [
      'is a link out of it',
      () => {
        workspace.file('../elsewhere/replay.ts');
        workspace.link('linked.ts', '../elsewhere/replay.ts');
      },
      'linked.ts',
    ],
  ])('is refused when it %s', (_, prepare, path) => {
    prepare();
    const problem = problemOf(() => settingsOf({ 'replay-options': path }));
    expect(problem.found).toContain('outside the workspace');
    expect(problem.fix).toContain('relative to working-directory');
  });

  test('is refused when it does not exist or is a folder', () => {
    workspace.folder('src');
    expect(problemOf(() => settingsOf({ 'replay-options': 'no.ts' })).found).toContain(
      'does not exist',
    );
    expect(problemOf(() => settingsOf({ 'replay-options': 'src' })).found).toContain('not a file');
  });
});

describe('histories', () => {
  test('replace the server', () => {
    expect(settingsOf({ histories: 'histories/**/*.json' }).source).toEqual({
      kind: 'files',
      pattern: 'histories/**/*.json',
      namespace: 'default',
    });
    expect(settingsOf({ histories: '*.json', namespace: 'billing' }).source).toMatchObject({
      namespace: 'billing',
    });
    expect(settingsOf({ histories: '/exports/*.bin' }).source).toMatchObject({
      pattern: '/exports/*.bin',
    });
  });

  test.each([
    ['address', 'localhost:7233'],
    ['task-queue', 'orders'],
    ['query', 'Customer = "x"'],
  ])('are refused together with %s, which would be ignored', (name, value) => {
    const problem = problemOf(() => settingsOf({ histories: '*.json', [name]: value }));
    expect(problem.found).toBe(`Input histories is set together with ${name}`);
  });
});

describe('task-queue', () => {
  test('is a list', () => {
    expect(settingsOf({ 'task-queue': 'orders, billing\nrefunds' }).source).toMatchObject({
      taskQueues: ['orders', 'billing', 'refunds'],
    });
  });

  test.each(['a"b', "a'b", 'a`b', 'a\\b', 'a\u0007b', 'a\u200bb', 'a\u202eb'])(
    'is refused when no query can carry its name: %j',
    (queue) => {
      const problem = problemOf(() => settingsOf({ 'task-queue': `orders,${queue}` }));
      expect(problem.found).toContain('Input task-queue names');
      expect(problem.found).not.toMatch(/\p{C}/u);
    },
  );
});

describe('what depends on secrets and files is read when it is first used', () => {
  test.each<[name: string, inputs: Inputs, found: RegExp]>([
    ['no certificate', { 'client-cert': 'not-there.pem', 'client-key': 'x' }, /address is not/u],
    ['half a pair', { 'client-key': 'x' }, /client-key is set and client-cert is not/u],
    ['an address that is none', { address: 'https://temporal' }, /The address is/u],
    ['a key with a line break', { address: 'a:1', 'api-key': 'a\nb' }, /holds a line break/u],
  ])('%s', (_, inputs, found) => {
    const { source } = settingsOf(inputs);
    if (source.kind !== 'server') throw new Error('not a server');
    const first = problemOf(() => source.connection());
    expect(first.found).toMatch(found);
    // Asked again it is the same, though a file may be there by now.
    expect(problemOf(() => source.connection())).toBe(first);
  });

  test('a codec that is none', () => {
    const { codec } = settingsOf({ 'codec-endpoint': 'codec' });
    expect(problemOf(codec).found).toMatch(/codec-endpoint is "codec"/u);
  });

  test('a variable that holds a credential', () => {
    const { replayer } = settingsIn(
      { 'replay-env': 'REGION' },
      { workspace, variables: { REGION: '-----BEGIN EC PRIVATE KEY-----' } },
    );
    expect(problemOf(replayer.variables).found).toMatch(/REGION, whose value is a private key/u);
  });

  test('what is read stays as it was: the workspace is in the hands of the code under test', () => {
    const { source } = settingsOf({ address: 'a:1' });
    if (source.kind !== 'server') throw new Error('not a server');
    expect(source.connection()).toBe(source.connection());
  });
});

describe('reports', () => {
  test('are paths in the workspace', () => {
    expect(settingsOf({ reports: 'out/a.json, /tmp/B.JSON' }).reporting.reports).toEqual([
      workspace.at('out/a.json'),
      '/tmp/B.JSON',
    ]);
  });

  test('are of four forms', () => {
    const paths = ['/a.json', '/b.xml', '/c.sarif', '/d.html', '/e.sarif.json'];
    expect(settingsOf({ reports: paths.join('\n') }).reporting.reports).toEqual(paths);
    expect(paths.map(formatOf)).toEqual(['json', 'junit', 'sarif', 'html', 'sarif']);
  });

  test.each(['report', 'report.txt', 'report.json.bak'])(
    'are refused without a known suffix: %s',
    (path) => {
      expect(problemOf(() => settingsOf({ reports: path }))).toMatchObject({
        found: `Input reports names "${path}"`,
        expected: 'paths that end in .json, .xml, .sarif, .html',
        fix: 'change the suffix: it chooses the format',
      });
    },
  );
});

test('a query that would break out of the parentheses around it is refused, with the way out', () => {
  const problem = problemOf(() =>
    settingsOf({ query: 'WorkflowType = "a") OR (WorkflowType = "b"' }),
  );
  expect(problem.found).toContain('closes a parenthesis that it did not open');
  expect(problem.fix).toContain('correct the input query');
});
