import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Fatal } from '../common/fatal.js';
import type { ClassPath } from './class-path.js';
import { lastWords, run } from './program.js';

const TASK = 'temporalReplayClassPath';

/**
 * The class path of the tests, which has what replays. The task depends on nothing, so nothing is compiled: whether
 * the classes are current is checked afterwards, as for every build.
 */
function initScript(output: string): string {
  return `allprojects {
  afterEvaluate { project ->
    if (project.extensions.findByName('sourceSets') != null) {
      project.tasks.register('${TASK}') {
        doLast {
          new File(${JSON.stringify(output)}).text = project.sourceSets.test.runtimeClasspath.asPath
        }
      }
    }
  }
}
`;
}

/** @throws Fatal where Gradle does not tell it */
export function gradleClassPath(folder: string, root: string, scratch: string): ClassPath {
  const output = join(scratch, 'gradle-class-path');
  const script = join(scratch, 'temporal-replay.gradle');
  writeFileSync(script, initScript(output), { mode: 0o600 });
  const program = wrapperIn(folder, root) ?? 'gradle';
  const args = [
    '--quiet',
    '--no-daemon',
    '--no-configuration-cache',
    '--init-script',
    script,
    TASK,
  ];
  const missing =
    'set Java and Gradle up before this action, or keep a Gradle wrapper in the repository';
  let answer = run(program, folder, ['--offline', ...args], missing);
  if (!answer.succeeded) answer = run(program, folder, args, missing);
  if (!answer.succeeded || !existsSync(output)) {
    throw new Fatal(
      `Gradle does not tell the class path: ${lastWords(answer)}`,
      'the project in working-directory must apply the plugin java; any build can give its class path in the variable REPLAY_CLASSPATH instead, which replay-env must name',
    );
  }
  const compile = 'gradle testClasses';
  // Gradle names folders that need not be there, of test classes or resources.
  const entries = readFileSync(output, 'utf8')
    .trim()
    .split(delimiter)
    .filter((path) => existsSync(path));
  if (!entries.some((path) => path.startsWith(join(folder, 'build', 'classes')))) {
    throw new Fatal(
      `there are no compiled classes in ${join(folder, 'build', 'classes')}`,
      `run ${compile} in a step before this action`,
    );
  }
  return { entries, compile };
}

function wrapperIn(folder: string, root: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, 'gradlew');
    if (existsSync(path)) return path;
    if (at === root || dirname(at) === at) return undefined;
  }
}
