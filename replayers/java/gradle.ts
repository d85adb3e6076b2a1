import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Fatal } from '../common/fatal.js';
import type { ClassPath } from './class-path-entries.js';
import { lastWords, run, wrapperIn } from './program.js';

const TASK = 'temporalReplayClassPath';

/**
 * Prints the class path of the tests, which has the library that replays. Only the project in one folder prints it,
 * because in a build with several, each has a task of this name. The task depends on nothing, so nothing is
 * compiled: whether the classes are current is checked afterwards, as for every build.
 *
 * Another project's archive may be of older code, or missing, so its class folders take its place. The script needs
 * only what Gradle 4 and Gradle 9 both have; `sourceSets` was no extension before 4.10.
 */
function initScript(folder: string, output: string): string {
  return `allprojects {
  afterEvaluate { project ->
    if (project.projectDir.canonicalPath != ${quoted(folder)} || !project.hasProperty('sourceSets')) return
    project.tasks.create('${TASK}') {
      doLast {
        def classesOf = [:]
        project.configurations.testRuntimeClasspath.incoming.artifacts.each { artifact ->
          def id = artifact.id.componentIdentifier
          if (!(id instanceof org.gradle.api.artifacts.component.ProjectComponentIdentifier)) return
          def other = project.rootProject.findProject(id.projectPath)
          if (other == null || !other.hasProperty('sourceSets')) return
          other.sourceSets.each { sources ->
            def archive = other.tasks.findByName(sources.jarTaskName)
            if (archive != null && archive.outputs.files.contains(artifact.file)) {
              classesOf[artifact.file] = sources.output.files
            }
          }
        }
        new File(${quoted(output)}).setText(
          project.sourceSets.test.runtimeClasspath.files
            .collectMany { file -> classesOf.containsKey(file) ? classesOf[file] : [file] }
            .join(File.pathSeparator),
          'UTF-8')
      }
    }
  }
}
`;
}

/** A Groovy string without interpolation. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/gu, (character) => `\\${character}`)}'`;
}

/**
 * @param folder real path of the project
 * @throws Fatal where Gradle does not tell the class path
 */
export function gradleClassPath(folder: string, root: string, scratch: string): ClassPath {
  const output = join(scratch, 'gradle-class-path');
  const script = join(scratch, 'temporal-replay.gradle');
  writeFileSync(script, initScript(folder, output), { mode: 0o600 });
  const program = wrapperIn('gradlew', folder, root) ?? 'gradle';
  const args = [
    '--quiet',
    '--no-daemon',
    // Some releases do not know these as options, only as properties.
    '-Dorg.gradle.configuration-cache=false',
    '-Dorg.gradle.unsafe.configuration-cache=false',
    '-Dorg.gradle.configureondemand=false',
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
      'the project in working-directory must apply the plugin java; or set the variable REPLAY_CLASSPATH and name it in replay-env',
    );
  }
  const compile = 'gradle testClasses';
  // Gradle also names folders that do not exist, for test classes or resources.
  const named = readFileSync(output, 'utf8').trim().split(delimiter);
  const archive = named.find((path) => path.endsWith('.jar') && !existsSync(path));
  if (archive !== undefined) {
    throw new Fatal(
      `the class path names an archive that is not there: ${archive}`,
      'run the task that builds it in a step before this action',
    );
  }
  const entries = named.filter((path) => existsSync(path));
  if (!entries.some((path) => path.startsWith(join(folder, 'build', 'classes')))) {
    throw new Fatal(
      `there are no compiled classes in ${join(folder, 'build', 'classes')}`,
      `run ${compile} in a step before this action`,
    );
  }
  return { entries, compile };
}
