import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { Fatal } from '../common/fatal.js';
import type { Checkout } from './checkout.js';
import { gradleClassPath } from './gradle.js';
import { mavenClassPath } from './maven.js';
import type { ClassPath } from './class-path-entries.js';

/**
 * The class path that the application's own build tells; or for other builds the one that an earlier step has found.
 *
 * @param given the variable REPLAY_CLASSPATH
 * @throws Fatal where there is no build, or it does not tell the class path
 */
export function findClassPath(
  folder: string,
  given: string | undefined,
  checkout: Checkout,
  scratch: string,
): ClassPath {
  if (given !== undefined && given.trim() !== '') return fromVariable(folder, given.trim());
  if (existsSync(join(folder, 'pom.xml'))) return mavenClassPath(folder, checkout, scratch);
  if (['build.gradle', 'build.gradle.kts'].some((name) => existsSync(join(folder, name)))) {
    return gradleClassPath(folder, checkout.root, scratch);
  }
  throw new Fatal(
    'there is no pom.xml, build.gradle or build.gradle.kts in the working directory',
    'set working-directory to the module with the workflows; for another build, set the variable REPLAY_CLASSPATH and name it in replay-env',
  );
}

function fromVariable(folder: string, given: string): ClassPath {
  const entries = given
    .split(delimiter)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => (isAbsolute(entry) ? entry : resolve(folder, entry)));
  const missing = entries.filter((entry) => !entry.endsWith('*') && !existsSync(entry));
  if (missing.length > 0) {
    throw new Fatal(
      `REPLAY_CLASSPATH names what is not there: ${missing.slice(0, 5).join(', ')}`,
      'build it in a step before this action',
    );
  }
  return { entries, compile: 'the build' };
}
