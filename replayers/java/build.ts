import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Fatal } from '../common/fatal.js';
import { readCheckout } from './checkout.js';
import { findClassPath } from './class-path.js';
import { run } from './program.js';
import { refuseStaleClasses } from './stale.js';

/** The runtime's source, beside this program. */
const RUNTIME = join(import.meta.dirname, 'runtime');

/** Files that the launcher writes once, and each process reads. */
export const FILES = {
  /** Class path, in one line. */
  classPath: 'class-path',
  /** Absolute paths of all source files, one a line. */
  sources: 'sources',
  /** Absolute paths of the folders with the application's own classes, one a line. */
  classFolders: 'class-folders',
  /** The folder of the compiled runtime. */
  runtime: 'runtime',
} as const;

const JDK = 'set up a JDK before this action, for example with actions/setup-java';

/**
 * Finds the application's class path, and compiles the runtime against it into `folder`.
 *
 * @throws Fatal where the application is not compiled, or lacks the library that replays
 */
export function build(application: string, given: string | undefined, folder: string): void {
  const checkout = readCheckout(application);
  const { entries, compile } = findClassPath(application, given, checkout, folder);
  const classFolders = entries.filter((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory(),
  );
  refuseStaleClasses(classFolders, checkout.sources, compile);
  const runtime = join(folder, FILES.runtime);
  mkdirSync(runtime);
  const classPath = entries.join(delimiter);
  const sources = readdirSync(RUNTIME)
    .filter((name) => name.endsWith('.java'))
    .map((name) => join(RUNTIME, name));
  const answer = run(
    'javac',
    application,
    ['-proc:none', '-nowarn', '-encoding', 'UTF-8', '-cp', classPath, '-d', runtime, ...sources],
    `the replayer must compile its own classes, and a JRE cannot do that: ${JDK}`,
  );
  if (!answer.succeeded) throw notCompiled(answer.stderr);
  writeFileSync(join(folder, FILES.classPath), classPath);
  writeFileSync(join(folder, FILES.sources), checkout.sources.join('\n'));
  writeFileSync(join(folder, FILES.classFolders), classFolders.join('\n'));
}

function notCompiled(words: string): Fatal {
  if (/package io\.temporal\.(?:worker|workflow) does not exist/u.test(words)) {
    return new Fatal(
      'io.temporal:temporal-sdk is not on the class path',
      'set working-directory to the module with the workflows',
    );
  }
  if (/package io\.temporal\.testing does not exist/u.test(words)) {
    return new Fatal(
      'io.temporal:temporal-testing is not on the class path, and replay needs it',
      'add io.temporal:temporal-testing to the module, in the version of temporal-sdk; the scope may be test',
    );
  }
  const lines = words.split('\n').slice(0, 12).join('\n').trim();
  return new Fatal(
    `the replayer cannot be compiled against this release of the SDK: ${lines}`,
    'upgrade io.temporal:temporal-sdk and temporal-testing',
  );
}
