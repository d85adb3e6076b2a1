import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, relative, sep } from 'node:path';
import { Fatal } from '../common/fatal.js';
import type { Checkout } from './checkout.js';
import type { ClassPath } from './class-path-entries.js';
import { lastWords, run, wrapperIn, type ProgramAnswer } from './program.js';

const MISSING = 'set Java and Maven up before this action, for example with actions/setup-java';

/** Reactors that are tried, from the module outwards. A checkout has one, or two where a build includes another. */
const MAX_REACTORS = 3;

/**
 * The class path of the tests, because the library that replays is one for tests. It tries without a network first:
 * an earlier step has downloaded nearly everything in order to compile.
 */
export function mavenClassPath(folder: string, checkout: Checkout, scratch: string): ClassPath {
  const program = wrapperIn('mvnw', folder, checkout.root) ?? 'mvn';
  const output = join(scratch, 'maven-class-path');
  const goal = [
    'dependency:build-classpath',
    '-DincludeScope=test',
    `-Dmdep.outputFile=${output}`,
    `-Dmdep.pathSeparator=${delimiter}`,
  ];
  // The module alone is the fastest. It does not know what no step has installed: only the reactor finds that.
  const ways = [
    goal,
    ...reactorsOf(folder, checkout).map((root) => [...inReactor(root, folder), ...goal]),
  ];
  const attempts = ['--offline', undefined].flatMap((offline) =>
    ways.map((way) => [
      '--quiet',
      '--batch-mode',
      ...(offline === undefined ? [] : [offline]),
      ...way,
    ]),
  );
  let answer: ProgramAnswer | undefined;
  for (const args of attempts) {
    answer = run(program, folder, args, MISSING);
    if (answer.succeeded && existsSync(output)) break;
  }
  if (answer?.succeeded !== true || !existsSync(output)) {
    const words = answer === undefined ? '' : lastWords(answer);
    refuseUncompiled(words, folder, checkout.modules);
    throw new Fatal(
      `Maven does not tell the class path: ${words}`,
      'mvn dependency:build-classpath -DincludeScope=test must work in working-directory, or in the folder above it whose pom.xml lists it as a module',
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
 * Asks a reactor for this module and what it depends on. Maven knows the classes of another module only if that
 * module's phases have run, so they run without their work: what is compiled is checked afterwards.
 */
function inReactor(root: string, folder: string): string[] {
  return [
    ...[
      '--file',
      join(root, 'pom.xml'),
      '--projects',
      relative(root, folder),
      '--also-make',
      '--threads',
      '1',
    ],
    ...['-Dmaven.main.skip=true', '-Dmaven.test.skip=true', '-Dmaven.resources.skip=true'],
    'test-compile',
  ];
}

/** Folders above the module whose pom.xml lists it, or lists one that leads to it. The outermost knows most. */
function reactorsOf(folder: string, { root, modules }: Checkout): string[] {
  const parents = modules.filter(
    (module) =>
      folder.startsWith(`${module}${sep}`) &&
      /<module>/u.test(readFileSync(join(module, 'pom.xml'), 'utf8')),
  );
  return parents
    .filter((parent) => parent === root || parent.startsWith(`${root}${sep}`))
    .sort((a, b) => a.length - b.length)
    .slice(0, MAX_REACTORS);
}

/**
 * Maven misses the archive of another module of this checkout where that one is not compiled.
 *
 * @throws Fatal that names it
 */
function refuseUncompiled(words: string, folder: string, modules: readonly string[]): void {
  const missing = new Set(
    [...words.matchAll(/[\w.-]+:([\w.-]+):(?:jar|test-jar|pom):/gu)].map(
      ([, artifact]) => artifact,
    ),
  );
  for (const module of modules) {
    if (module === folder || !missing.has(coordinatesIn(join(module, 'pom.xml')).artifact))
      continue;
    const classes = join(module, 'target', 'classes');
    if (!existsSync(classes)) throw notCompiled(classes);
  }
}

function notCompiled(classes: string): Fatal {
  return new Fatal(
    `there are no compiled classes in ${classes}`,
    'run mvn test-compile at the top of the checkout in a step before this action: it compiles all modules that the workflows need',
  );
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
  throw notCompiled(classes);
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
