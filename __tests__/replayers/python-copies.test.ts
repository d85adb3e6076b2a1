/** @tier middle */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPythonSdk, NEWEST_PYTHON_SDK } from '../../testing/python-sdk.js';
import { runCommand } from '../../testing/run-command.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { required } from '../../testing/toolchain.js';
import { PythonReplayer } from './python-replayer.js';

/** What pip installs of a checkout, and what is told of it: a baseline that shares the environment must not load it. */

jest.setTimeout(120_000);

const sdk = await findPythonSdk(NEWEST_PYTHON_SDK);

skipUnless(sdk).describe('packages of the checkout that pip has installed', () => {
  let checkout: string;
  let python: string;

  beforeAll(async () => {
    checkout = realpathSync(await temporaryFolder('checkout'));
    for (const name of ['copied', 'linked', 'unused']) {
      write(`packages/${name}/pyproject.toml`, `[project]\nname = "${name}"\nversion = "1.0"\n`);
      write(`packages/${name}/${name}/__init__.py`, 'WAIT = 1\n');
    }
    write(
      'app/workflows.py',
      [
        'from temporalio import workflow',
        'from copied import WAIT',
        'from linked import WAIT as OTHER',
        '@workflow.defn',
        'class Order:',
        '    @workflow.run',
        '    async def run(self) -> int:',
        '        return WAIT + OTHER',
        '',
      ].join('\n'),
    );
    const environment = join(checkout, '.venv');
    const { python: base } = required(sdk);
    await runCommand(base, ['-m', 'venv', '--without-pip', environment]);
    python = join(environment, 'bin', 'python');
    const site = await sitePackages(python);
    writeFileSync(join(site, 'sdk.pth'), `${await sitePackages(base)}\n`);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
    const [copied = '', linked = '', unused = ''] = ['copied', 'linked', 'unused'].map((name) =>
      join(checkout, 'packages', name),
    );
    await runCommand(python, [...pip, copied, unused, '-e', linked]);
  });
  afterAll(() => removeFolder(checkout));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }

  async function sitePackages(interpreter: string): Promise<string> {
    const code = 'import sysconfig; print(sysconfig.get_paths()["purelib"])';
    return (await runCommand(interpreter, ['-c', code])).stdout.trim();
  }

  test('are named where they come from, as far as they are loaded', async () => {
    const replayer = await PythonReplayer.start(python, join(checkout, 'app'));
    try {
      const sources = replayer.ready.sources ?? [];
      expect(sources.filter((path) => path.startsWith(checkout)).sort()).toEqual([
        join(checkout, 'app', 'workflows.py'),
        join(checkout, 'packages', 'copied'),
        join(checkout, 'packages', 'linked', 'linked', '__init__.py'),
      ]);
    } finally {
      await replayer.stop();
    }
  });
});
