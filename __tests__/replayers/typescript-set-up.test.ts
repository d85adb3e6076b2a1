import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { aroundRun } from '../../replayers/typescript/plugins.js';
import { setUp, taken } from '../../replayers/typescript/set-up.js';
import { aliased, projectSettings } from '../../replayers/typescript/tsconfig.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await temporaryFolder('set-up'));
  const files = {
    'tsconfig.base.json': `{
      // the whole repository's
      "compilerOptions": { "baseUrl": ".", "paths": { "@acme/*": ["libs/*/src"], "@acme/core": ["core/index.ts"], }, },
    }`,
    'app/tsconfig.json':
      '{ "extends": "../tsconfig.base", "compilerOptions": { "experimentalDecorators": true } }',
    'app/broken/tsconfig.json': '{ "compilerOptions": ',
    'app/dist/workflows/index.js': '',
    'app/other.ts': '',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
});
afterAll(() => removeFolder(folder));

describe('the path aliases of a project', () => {
  it('are those of the nearest tsconfig.json and of what it extends', () => {
    const settings = projectSettings(join(folder, 'app', 'src', 'deep'));
    expect(settings).toMatchObject({ experimentalDecorators: true, baseUrl: folder });
    expect(aliased('@acme/codec', settings)).toEqual([join(folder, 'libs/codec/src')]);
    expect(aliased('@acme/core', settings)).toEqual([join(folder, 'core/index.ts')]);
    expect(aliased('@other/core', settings)).toEqual([]);
  });

  it('are none where the file cannot be read', () => {
    expect(projectSettings(join(folder, 'app', 'broken')).aliases).toEqual({});
  });
});

describe('the workflow module', () => {
  const app = (): string => join(folder, 'app');
  const path = (name: string): string => join(app(), name);

  it('is what the input names, before what options name, before the usual places', async () => {
    const byInput = await setUp({ workflowsPath: path('dist/workflows') }, app(), 'other.ts');
    expect(taken(byInput, app())).toEqual({
      what: 'other.ts',
      because: 'the input workflows names it',
    });
    const byOptions = await setUp({ workflowsPath: path('other.ts') }, app(), undefined);
    expect(taken(byOptions, app())).toMatchObject({
      what: 'other.ts',
      because: expect.stringContaining('workflowsPath'),
    });
    const usual = await setUp({}, app(), undefined);
    expect(taken(usual, app())).toEqual({
      what: 'dist/workflows/index.js',
      because:
        'there is none in src/workflows, workflows, lib/workflows; build what is compiled before',
    });
  });

  it('is what a plugin names, and none where a plugin brings a bundle', async () => {
    const naming = {
      name: 'a',
      configureReplayWorker: () => ({ workflowsPath: path('other.ts') }),
    };
    const named = await setUp({ plugins: [naming] }, app(), undefined);
    expect(taken(named, app())).toMatchObject({ what: 'other.ts' });
    const bringing = { name: 'b', configureReplayWorker: () => ({ workflowBundle: { code: '' } }) };
    const brought = await setUp({ plugins: [bringing] }, app(), undefined);
    expect(taken(brought, app())).toMatchObject({ what: 'a ready bundle' });
  });
});

describe('the plugins of the options', () => {
  const change = (name: string) => ({
    configureWorker: <Options extends object>(options: Options) => ({ ...options, buildId: name }),
  });

  it('configure once, before the bundle: for replay, else as they do for a worker', async () => {
    const plugins = [
      { name: 'a', ...change('worker') },
      {
        name: 'b',
        ...change('never'),
        configureReplayWorker: (options: object) => ({ ...options, replayName: 'replay' }),
      },
    ];
    const { options } = await setUp({ plugins }, join(folder, 'app'), 'other.ts');
    expect(options).toMatchObject({ buildId: 'worker', replayName: 'replay' });
    // The SDK must not do it once more.
    expect(aroundRun(plugins)).toEqual([{ name: 'a' }, { name: 'b' }]);
  });

  it('end the set-up under their name where they throw', async () => {
    const configureReplayWorker = (): never => {
      throw new Error('no server');
    };
    const plugins = [{ name: 'tracing', configureReplayWorker }];
    await expect(setUp({ plugins }, join(folder, 'app'), 'other.ts')).rejects.toThrow(
      'the plugin tracing of replay-options throws: no server',
    );
  });
});
