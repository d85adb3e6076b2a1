/** @tier middle */
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readCheckout } from '../../replayers/java/checkout.js';
import { gradleClassPath } from '../../replayers/java/gradle.js';
import { findGradle } from '../../testing/gradle.js';
import { COMMANDS_JAVA, commandsJavaWorkspace } from '../../testing/java-commands.js';
import { findJavaSdk, JAVA_SDKS } from '../../testing/java-sdk.js';
import { runCommand } from '../../testing/run-command.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import type { Workspace } from '../../testing/workspace.js';
import { commandsJavaHistory } from './java-application.js';
import { failureToStartJava, JavaReplayer } from './java-replayer.js';

jest.setTimeout(600_000);

const sdk = await findJavaSdk(JAVA_SDKS.newest);
const gradle = await findGradle(console.log);
const { describe, it } = skipUnless(sdk, gradle);

/** The libraries are in a folder: what Gradle downloads is its own affair. */
function buildFile(libraries: string, dependencies: string): string {
  return `apply plugin: 'java'
repositories { flatDir { dirs '${libraries}' } }
dependencies {
  ${dependencies}
  implementation fileTree(dir: '${libraries}', include: '*.jar', exclude: 'temporal-testing-*')
  testImplementation name: 'temporal-testing-${JAVA_SDKS.newest}'
}
`;
}

describe('the Java replayer in a Gradle build of several projects', () => {
  let workspace: Workspace;
  let root: string;
  let folder: string;
  let shared: string;

  /** The workflows in one project, and what their activities are in another. */
  beforeAll(async () => {
    workspace = await commandsJavaWorkspace(required(sdk));
    root = workspace.application;
    folder = join(root, 'workflows');
    shared = join(root, 'shared');
    await rm(join(root, 'target'), { recursive: true });
    await mkdir(folder);
    await rename(join(root, 'src'), join(folder, 'src'));
    const clerk = join(COMMANDS_JAVA, 'Clerk.java');
    await mkdir(join(shared, dirname(clerk)), { recursive: true });
    await rename(join(folder, clerk), join(shared, clerk));
    const [jar = ''] = required(sdk).classPath.split(':');
    const libraries = dirname(jar);
    await writeFile(join(root, 'settings.gradle'), "include 'shared', 'workflows'\n");
    // Applied in the root as well: its class path is not the one that is asked for.
    await writeFile(join(root, 'build.gradle'), "apply plugin: 'java'\n");
    await writeFile(join(shared, 'build.gradle'), buildFile(libraries, ''));
    await writeFile(
      join(folder, 'build.gradle'),
      buildFile(libraries, "implementation project(':shared')"),
    );
  });
  afterAll(async () => {
    await workspace.remove();
  });

  it('refuses what is not compiled', async () => {
    expect(await failureToStartJava(folder)).toMatchObject({
      message: expect.stringMatching(/shared.*build.libs.*|no compiled classes in/u),
    });
  });

  it('asks Gradle for the class path, and takes the classes of another project, not its archive', async () => {
    await runCommand('gradle', ['--quiet', '--no-daemon', '--offline', 'testClasses'], {
      cwd: folder,
      timeoutMs: 300_000,
    });
    // As an older checkout has left it.
    await writeFile(join(shared, 'build', 'libs', 'shared.jar'), 'old code');
    const scratch = await temporaryFolder('scratch');
    const replayer = await JavaReplayer.start(folder, { scratch });
    const result = await replayer.replay(commandsJavaHistory('activities'), true);
    await replayer.stop();
    const classPath = (await readFile(join(scratch, 'java-replayer', 'class-path'), 'utf8')).split(
      ':',
    );
    await removeFolder(scratch);
    expect(result).toMatchObject({ outcome: 'passed' });
    expect(result.commands?.[0]).toMatchObject({
      file: join(folder, COMMANDS_JAVA, 'ActivitiesImpl.java'),
    });
    expect(classPath).toEqual(
      expect.arrayContaining([
        expect.stringMatching(`^${folder}/build/classes/`),
        expect.stringMatching(`^${shared}/build/classes/`),
        expect.stringMatching(/temporal-testing-/u),
      ]),
    );
    expect(classPath.filter((path) => path.endsWith('shared.jar'))).toEqual([]);
  });

  it('says what Gradle says', async () => {
    await writeFile(join(folder, 'build.gradle'), "apply plugin: 'nonsense'\n");
    expect((await failureToStartJava(folder)).message).toMatch(
      /^Gradle does not tell the class path: [^]*nonsense/u,
    );
  });
});

describe('the Java replayer with a wrapper of Gradle', () => {
  it('asks it without a network first, and then with one', async () => {
    const root = await temporaryFolder('gradle');
    const folder = join(root, 'application');
    await mkdir(join(root, '.git'));
    await mkdir(join(folder, 'build', 'classes', 'java', 'main'), { recursive: true });
    await symlink('/dev/null', join(folder, 'build', 'library.jar'));
    // Answers only to the task of the script that it is handed, as a Gradle does that has to download something.
    const script = `#!/bin/sh
echo "$@" >> '${root}/calls'
case "$*" in *--offline*) echo 'No cached version' >&2; exit 1;; esac
while [ "$1" != --init-script ]; do shift; done
grep -q 'temporalReplayClassPath' "$2" || exit 1
output=$(sed -n "s/.*new File('\\(.*\\)').*/\\1/p" "$2")
printf '%s' '${folder}/build/classes/java/main:${folder}/build/classes/java/test:${folder}/build/library.jar' > "$output"
`;
    await writeFile(join(root, 'gradlew'), script, { mode: 0o755 });
    const scratch = await temporaryFolder('scratch $folder');
    const { entries, compile } = gradleClassPath(folder, readCheckout(folder).root, scratch);
    expect(entries).toEqual([
      join(folder, 'build', 'classes', 'java', 'main'),
      join(folder, 'build', 'library.jar'),
    ]);
    expect(compile).toBe('gradle testClasses');
    const calls = (await readFile(join(root, 'calls'), 'utf8')).trim().split('\n');
    expect(calls.map((call) => call.includes('--offline'))).toEqual([true, false]);

    await rm(join(folder, 'build', 'library.jar'));
    expect(() => gradleClassPath(folder, root, scratch)).toThrow(
      /names an archive that is not there: .*library\.jar/u,
    );
    await removeFolder(scratch);
    await removeFolder(root);
  });
});
