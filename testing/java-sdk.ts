import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cached, isCached } from './cache.js';
import { runCommand } from './run-command.js';
import { missing, type MissingToolchain, type Progress } from './toolchain.js';

export interface JavaSdk {
  readonly available: true;
  readonly version: string;
  /** What an application of this release is compiled with, and replayed. */
  readonly classPath: string;
}

/** The releases that the tests replay with: the newest, and the oldest that is supported. */
export const JAVA_SDKS = { newest: '1.38.0', oldest: '1.20.0' } as const;

const DOWNLOAD_TIMEOUT_MS = 300_000;

/** One release of Temporal's Java SDK with its libraries, in the cache. */
export async function findJavaSdk(
  version: string,
  progress: Progress = () => undefined,
): Promise<JavaSdk | MissingToolchain> {
  const name = `java-sdk-${version}`;
  try {
    if (!(await isCached(name))) progress(`downloading Temporal's Java SDK ${version} with Maven`);
    const folder = await cached(name, async (target) => {
      await writeFile(join(target, 'pom.xml'), pomOf(version));
      await runCommand(
        'mvn',
        [
          '--quiet',
          '--batch-mode',
          'dependency:copy-dependencies',
          '-DincludeScope=test',
          `-DoutputDirectory=${join(target, 'lib')}`,
        ],
        { cwd: target, timeoutMs: DOWNLOAD_TIMEOUT_MS },
      );
    });
    const jars = (await readdir(join(folder, 'lib'))).sort();
    const classPath = jars.map((jar) => join(folder, 'lib', jar)).join(delimiter);
    return { available: true, version, classPath };
  } catch (error) {
    return missing(
      error,
      'A JDK of 17 or newer and Maven must be on PATH, and Maven Central reachable.',
    );
  }
}

/** A Maven project whose only libraries are these. */
export function pomOf(version: string, withTesting = true): string {
  const dependency = (artifact: string, scope: string): string => `
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${version}</version>
      <scope>${scope}</scope>
    </dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>application</artifactId>
  <version>1</version>
  <dependencies>${dependency('temporal-sdk', 'compile')}${withTesting ? dependency('temporal-testing', 'test') : ''}
  </dependencies>
</project>
`;
}

/** Compiles a Maven project's own classes without Maven, which takes a multiple of the time. */
export async function compileJava(folder: string, sdk: JavaSdk): Promise<void> {
  const from = join(folder, 'src', 'main', 'java');
  const names = await readdir(from, { recursive: true });
  const classes = join(folder, 'target', 'classes');
  await mkdir(classes, { recursive: true });
  await runCommand('javac', [
    '-nowarn',
    '-proc:none',
    '-encoding',
    'UTF-8',
    '-cp',
    sdk.classPath,
    '-d',
    classes,
    ...names.filter((name) => name.endsWith('.java')).map((name) => join(from, name)),
  ]);
}
