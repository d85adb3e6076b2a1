import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { readCheckout } from '../../replayers/java/checkout.js';
import { mavenClassPath } from '../../replayers/java/maven.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';

/** A checkout with two modules, and a Maven that knows the interfaces' classes only in the reactor. */
let root: string;

const write = async (path: string, text: string, mode = 0o644): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text, { mode });
};

const pom = (artifact: string, more = ''): string =>
  `<project><groupId>com.example</groupId><artifactId>${artifact}</artifactId><version>1</version>${more}</project>`;

const MISSES_API = 'Could not find artifact com.example:api:jar:1 in central';

/** Notes its arguments, and does what the script says. */
const maven = (script: string): Promise<void> =>
  write(
    'mvnw',
    `#!/bin/sh\necho "$@" >> ${join(root, 'asked')}\nfor a in "$@"; do case "$a" in -Dmdep.outputFile=*) out="\${a#*=}";; esac; done\n${script}\n`,
    0o755,
  );

const asked = async (): Promise<string[]> =>
  (await readFile(join(root, 'asked'), 'utf8')).trim().split('\n');

const classPath = (): readonly string[] =>
  mavenClassPath(join(root, 'flows'), readCheckout(join(root, 'flows')), root).entries;

beforeEach(async () => {
  root = await temporaryFolder('modules');
  await mkdir(join(root, '.git'));
  await write(
    'pom.xml',
    pom('top', '<modules><module>api</module><module>flows</module></modules>'),
  );
  await write('api/pom.xml', pom('api'));
  await write('flows/pom.xml', pom('flows'));
  await mkdir(join(root, 'flows', 'target', 'classes'), { recursive: true });
  await mkdir(join(root, 'api', 'target', 'classes'), { recursive: true });
});
afterEach(() => removeFolder(root));

test('a module whose siblings nobody has installed is asked for in its reactor, without a network', async () => {
  const api = join(root, 'api', 'target', 'classes');
  await maven(
    `case "$*" in *--projects*) printf '%s' '${api}:/repository/x.jar' > "$out";; *) echo '[ERROR] ${MISSES_API}'; exit 1;; esac`,
  );
  expect(classPath()).toEqual([join(root, 'flows', 'target', 'classes'), api, '/repository/x.jar']);
  const [alone, inReactor, ...further] = await asked();
  expect(alone).not.toContain('--projects');
  expect(inReactor).toMatch(
    /--offline --file \S+\/pom\.xml --projects flows --also-make .*-Dmaven\.main\.skip=true .*test-compile dependency:build-classpath/u,
  );
  expect(further).toEqual([]);
});

test('a module that Maven knows alone is asked for once', async () => {
  await maven(`printf '%s' '/repository/x.jar' > "$out"`);
  expect(classPath()).toContain('/repository/x.jar');
  expect(await asked()).toHaveLength(1);
});

test.each([
  ['a clone', 'base/.git/HEAD', 'ref: refs/heads/main'],
  ['a worktree', 'base/.git', 'gitdir: /checkout/.git/worktrees/base'],
])(
  'modules of a baseline in a visible folder are none of the checkout: %s',
  async (_, git, text) => {
    await write(git, text);
    await write('base/api/pom.xml', pom('api'));
    await write('base/api/src/main/java/Api.java', '');
    await write('sub/.git', 'gitdir: ../.git/modules/sub');
    await write('sub/pom.xml', pom('sub'));
    const { modules, sources } = readCheckout(join(root, 'flows'));
    expect(modules.map((path) => relative(root, path)).sort()).toEqual(['', 'api', 'flows', 'sub']);
    expect(sources).toEqual([]);
  },
);

test('a sibling that is not compiled is named, and not its archive', async () => {
  await rm(join(root, 'api', 'target'), { recursive: true });
  await maven(`echo '[ERROR] ${MISSES_API}'; exit 1`);
  expect(classPath).toThrow(`there are no compiled classes in ${join(root, 'api', 'target')}`);
});

test('what Maven says is told where no module of the checkout is to blame', async () => {
  await maven(`echo '[ERROR] Could not find artifact org.other:x:jar:1 in central'; exit 1`);
  expect(classPath).toThrow(
    'Maven does not tell the class path: [ERROR] Could not find artifact org.other:x',
  );
});
