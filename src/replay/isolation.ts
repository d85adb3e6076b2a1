import type {
  IsolationWay,
  ProgramToIsolate,
  IsolatedProgram,
  LaunchOptions,
} from './isolation-way.js';
import { accessSync, constants, readlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ISOLATION_RUNGS, type IsolationRung } from '../model/isolation.js';
import { UserError } from '../model/user-error.js';
import { runIsolated } from './run-isolated.js';

/** A harmless program must end on a rung within this many milliseconds. */
const PROBE_TIMEOUT_MS = 10_000;

/** Who we are and where programs are: on this machine, or in a test. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Undefined on systems without user IDs. */
  readonly user: number | undefined;
  readonly group: number | undefined;
  readonly path: string;
}

/** The lowest rung, which every machine has. */
export const ENVIRONMENT: IsolationWay = {
  rung: 'environment',
  isolate: (program, options) => ({ ...program, ...direct(program, options), preamble: '' }),
};

/** The rung that was found, and why no stronger one. */
export interface ProbedIsolation {
  readonly way: IsolationWay;
  /** Why each stronger rung is not available. */
  readonly unavailable: readonly { readonly rung: IsolationRung; readonly why: string }[];
}

/**
 * The strongest available rung, or the requested one. Each is tried with a harmless program: only that shows
 * whether a machine allows namespaces or `sudo`.
 *
 * @throws UserError where the requested rung is not available
 */
export async function findIsolation(
  asked: IsolationRung | 'auto',
  machine: Machine,
): Promise<ProbedIsolation> {
  const unavailable: { rung: IsolationRung; why: string }[] = [];
  for (const rung of asked === 'auto' ? ISOLATION_RUNGS : [asked]) {
    const way = wayTo(rung, machine);
    const why = typeof way === 'string' ? way : await probe(way, machine);
    if (typeof way !== 'string' && why === undefined) return { way, unavailable };
    unavailable.push({ rung, why: why ?? '' });
  }
  const [missing] = unavailable;
  throw new UserError({
    found: `Input isolation is "${asked}", which this machine does not have: ${missing?.why ?? ''}`,
    expected: 'a rung that the machine has',
    fix: 'set isolation to auto, which takes the strongest rung that works, or use a machine that has this rung; docs/security.md says what each rung needs',
  });
}

function wayTo(rung: IsolationRung, machine: Machine): IsolationWay | string {
  if (rung === 'environment') return ENVIRONMENT;
  const { platform, user, group } = machine;
  if (platform !== 'linux' || user === undefined || group === undefined) {
    return `it needs Linux, and this is ${platform}`;
  }
  const missing = ['setpriv', ...(rung === 'no-new-privs' ? [] : ['unshare'])].find(
    (program) => !isOnPath(program, machine),
  );
  if (missing !== undefined) return `there is no ${missing} on PATH`;
  const isRoot = user === 0;
  // A root without capabilities cannot look into a process that has some.
  const withoutCapabilities = ['--inh-caps=-all', '--bounding-set=-all'];
  switch (rung) {
    case 'namespaced': {
      const unshare = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--'];
      const privileges = [
        'setpriv',
        `--reuid=${user}`,
        `--regid=${group}`,
        '--clear-groups',
        '--no-new-privs',
        ...withoutCapabilities,
        // The change of user makes the kernel forget what --kill-child asked of it.
        '--pdeathsig=KILL',
        '--',
      ];
      if (isRoot) return behind(rung, [...unshare, ...privileges]);
      if (!isOnPath('sudo', machine)) return 'there is no sudo on PATH';
      return {
        rung,
        isolate: (program, options) =>
          behindSudo(['sudo', '-n', '--', ...unshare, ...privileges], program, options, machine),
        killGroup: (id) => ({
          file: 'sudo',
          args: ['-n', '--', 'kill', '-KILL', '--', `-${id}`],
          environment: { PATH: machine.path },
        }),
      };
    }
    case 'user-namespaced': {
      const unshare = ['unshare', '--user', '--map-current-user', '--pid', '--mount-proc'];
      const privileges = ['--no-new-privs', ...(isRoot ? withoutCapabilities : [])];
      return behind(rung, [
        ...unshare,
        ...['--fork', '--kill-child', '--'],
        ...['setpriv', ...privileges, '--pdeathsig=KILL', '--'],
      ]);
    }
    case 'no-new-privs': {
      const privileges = ['--no-new-privs', ...(isRoot ? withoutCapabilities : [])];
      return {
        rung,
        isolate: (program, options) => {
          const { file, args, isDirect } = direct(program, options);
          const { environment } = program;
          const all = [...privileges, '--', file, ...args];
          return { file: 'setpriv', args: all, environment, preamble: '', isDirect };
        },
      };
    }
  }
}

type Launched = Pick<IsolatedProgram, 'file' | 'args' | 'isDirect'>;

/** Starts a shell that becomes the program. */
function direct({ file, args }: ProgramToIsolate, { channel }: LaunchOptions): Launched {
  const script = `exec "$0" "$@"${channel ? CHANNEL : ''}`;
  return { file: '/bin/sh', args: ['-c', script, file, ...args], isDirect: true };
}

/**
 * Starts a shell that stays. The first process of a namespace is special: its own signals do not end it, and it
 * inherits orphans. No program expects that.
 */
function indirect(
  { file, args }: ProgramToIsolate,
  { channel }: LaunchOptions,
  before = '',
): Launched {
  const script = `${before}"$0" "$@"${channel ? CHANNEL : ''}; exit $?`;
  return { file: '/bin/sh', args: ['-c', script, file, ...args], isDirect: false };
}

/** Moves the protocol away from descriptor 1, so that prints go to standard error. */
const CHANNEL = ' 3>&1 1>&2';

function behind(rung: IsolationRung, [first = '', ...others]: readonly string[]): IsolationWay {
  return {
    rung,
    isolate: (program, options) => {
      const { file, args, isDirect } = indirect(program, options);
      const { environment } = program;
      const all = [...others, file, ...args];
      return { file: first, args: all, environment, preamble: '', isDirect };
    },
  };
}

/**
 * `sudo` starts programs with an environment of its own, and everybody can read a command line. So the
 * environment comes by standard input.
 */
function behindSudo(
  [first = '', ...others]: readonly string[],
  program: ProgramToIsolate,
  options: LaunchOptions,
  machine: Machine,
): IsolatedProgram {
  const entries = Object.entries(program.environment).filter(([name]) => SHELL_NAME.test(name));
  const exports = entries.map(([name, value]) => `export ${name}=${quoted(value)}\n`).join('');
  const preamble = `${exports}:\n`;
  const bytes = Buffer.byteLength(preamble);
  // `head` reads exactly so many bytes, and leaves the protocol's lines alone.
  const take = `_gate=$(head -c ${bytes}) || exit 125; ${UNSET}eval "$_gate"; unset _gate _each; `;
  const { file, args, isDirect } = indirect(program, options, take);
  return {
    file: first,
    args: [...others, file, ...args],
    environment: { PATH: machine.path },
    preamble,
    isDirect,
  };
}

/** Removes the variables that `sudo` and the user's login have set. */
const UNSET =
  'for _each in $(env | sed -n "s/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/\\1/p"); do unset "$_each" 2>/dev/null; done; ';

const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u;

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

function isOnPath(program: string, { path }: Machine): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

/** Shows that environment, channel and standard input arrive, and which privileges the kernel leaves. */
const HARMLESS = `read -r line
while read -r key value; do
  if [ "$key" = NoNewPrivs: ]; then privileges=$value; fi
done < /proc/self/status
printf "%s %s %s %s" "$line" "$REST" "$privileges" "$(readlink /proc/self/ns/pid)" >&3`;

/** @returns why the rung does not work; undefined where it works */
async function probe(way: IsolationWay, { path }: Machine): Promise<string | undefined> {
  if (way.rung === 'environment') return undefined;
  const harmless = {
    file: '/bin/sh',
    args: ['-c', HARMLESS],
    environment: { PATH: path, REST: "'works'" },
  };
  const answer = await runIsolated(way, harmless, {
    channel: true,
    cwd: '/',
    input: 'it\n',
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  if (answer.kind === 'failed') return answer.why;
  const [, privileges, namespace] = /^it 'works' (\S*) (\S*)$/u.exec(answer.stdout) ?? [];
  if (privileges !== '1') return 'programs can still raise their privileges on it';
  const hidesProcesses = way.rung === 'namespaced' || way.rung === 'user-namespaced';
  return hidesProcesses && namespace === readlinkSync('/proc/self/ns/pid')
    ? 'code can still see other processes on it'
    : undefined;
}
