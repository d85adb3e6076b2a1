import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, sep } from 'node:path';
import { Fatal } from '../common/fatal.js';
import type { Checkout } from './checkout.js';
import type { ClassPath } from './class-path-entries.js';
import { lastWords, run, wrapperIn } from './program.js';

const MISSING = 'set Java and Maven up before this action, for example with actions/setup-java';

/**
 * The class path of the tests, because the library that replays is one for tests. It tries without a network first:
 * an earlier step has downloaded nearly everything in order to compile.
 */
export function mavenClassPath(folder: string, checkout: Checkout, scratch: string): ClassPath {
  const program = wrapperIn('mvnw', folder, checkout.root) ?? 'mvn';
  const output = join(scratch, 'maven-class-path');
  const args = [
    '--quiet',
    '--batch-mode',
    'dependency:build-classpath',
    '-DincludeScope=test',
    `-Dmdep.outputFile=${output}`,
    `-Dmdep.pathSeparator=${delimiter}`,
  ];
  let answer = run(program, folder, ['--offline', ...args], MISSING);
  if (!answer.succeeded) answer = run(program, folder, args, MISSING);
  if (!answer.succeeded || !existsSync(output)) {
    throw new Fatal(
      `Maven does not tell the class path: ${lastWords(answer)}`,
      'mvn dependency:build-classpath -DincludeScope=test must work in working-directory; install modules of the same checkout before, as by mvn install -DskipTests',
    );
  }
  const compile = 'mvn compile';
  const own = join(folder, 'target', 'classes');
  if (!existsSync(own)) {
    throw new Fatal(
      `there are no compiled classes in ${own}`,
      `run ${compile} in a step before this action`,
    );
  }
  const tests = join(folder, 'target', 'test-classes');
  const jars = readFileSync(output, 'utf8').trim().split(delimiter).filter(Boolean);
  return {
    entries: [
      own,
      ...(existsSync(tests) ? [tests] : []),
      ...jars.map((jar) => siblingClasses(jar, folder, checkout.modules) ?? jar),
    ],
    compile,
  };
}

/**
 * The compiled classes of another module of this checkout. The module's archive in Maven's repository may be of an
 * older checkout, and then old code would be judged.
 *
 * @throws Fatal where that module is not compiled
 */
function siblingClasses(
  jar: string,
  folder: string,
  modules: readonly string[],
): string | undefined {
  const artifact = jar.split(sep).at(-3);
  const group = jar.split(sep).slice(0, -3).join('.');
  const sibling = modules.find((module) => {
    const pom = coordinatesIn(join(module, 'pom.xml'));
    return (
      module !== folder &&
      pom.artifact === artifact &&
      pom.group !== undefined &&
      group.endsWith(`.${pom.group}`)
    );
  });
  if (sibling === undefined) return undefined;
  const classes = join(sibling, 'target', 'classes');
  if (existsSync(classes)) return classes;
  throw new Fatal(
    `there are no compiled classes in ${classes}`,
    'run mvn compile in a step before this action, for all modules of the checkout that the workflows need',
  );
}

/** Of the artifact itself: from its own elements; the group may be in the parent's. */
function coordinatesIn(pom: string): { artifact: string | undefined; group: string | undefined } {
  const text = readFileSync(pom, 'utf8').replace(/<!--.*?-->/gsu, '');
  const parent = /<parent>.*?<\/parent>/su.exec(text)?.[0] ?? '';
  const own = text
    .replace(parent, '')
    .replace(/<(dependencies|dependencyManagement|build|profiles|reporting)>.*<\/\1>/gsu, '');
  const of = (name: string, within: string): string | undefined =>
    new RegExp(`<${name}>\\s*([^<\\s]+)\\s*</${name}>`, 'u').exec(within)?.[1];
  return { artifact: of('artifactId', own), group: of('groupId', own) ?? of('groupId', parent) };
}
