import { run } from './program.js';

/** The feature release of the `java` on PATH: 8, 11, 17 and so on. 0 where it is unknown. */
export function javaVersion(): number {
  const { stderr } = run(
    'java',
    process.cwd(),
    ['-version'],
    'set Java up before this action, for example with actions/setup-java',
  );
  const [, first = '0', second = '0'] = /version "(\d+)(?:\.(\d+))?/u.exec(stderr) ?? [];
  return first === '1' ? Number(second) : Number(first);
}
