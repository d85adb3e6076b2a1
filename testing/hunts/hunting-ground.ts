import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IsolationRung } from '../../src/model/isolation.js';
import { freePort } from '../free-port.js';
import { findNode24 } from '../node24.js';
import { projectRoot } from '../project-root.js';
import { checkPullRequest, type CheckResult } from '../pull-request-check.js';
import { runCommand } from '../run-command.js';
import { temporaryFolder } from '../temporary-folder.js';
import { makeWorkspace } from '../workspace.js';

export interface Situation {
  readonly rung: IsolationRung | 'auto';
  /** Whether this process may start itself anew as one that cannot be looked into. */
  readonly sealed: boolean;
  readonly user: 'root' | 'other';
}

/** What the hunter left: each hunt by name, true where it found something; and who it was. */
export interface Bag {
  readonly found: Readonly<Record<string, boolean>>;
  readonly uid: number;
  readonly home: string;
  readonly cwd: string;
  /** Its `/proc/self/status`. */
  readonly status: string;
  /** The report's. */
  readonly isolation: unknown;
  readonly result: CheckResult;
  readonly workspace: string;
  readonly runsAs: number;
}

/** Who is neither root nor anybody on a machine of its own. */
const NOBODY = 65_534;

/** A group that the parent is in, as a user can be in docker's. */
const GROUP = 5_555;

/** Whether hunts can be held: they need a root who makes users, mounts and sockets. */
export async function canHunt(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'it needs Linux';
  const node = await findNode24();
  if (!node.available) return node.reason;
  for (const program of ['unshare', 'setpriv', 'bash']) {
    if (!(await succeeds(program, '--version'))) return `it needs ${program}`;
  }
  if (process.getuid?.() === 0) {
    return (await succeeds('unshare', '--mount', 'true')) ? undefined : 'root may not mount here';
  }
  return (await succeeds('sudo', '-n', 'unshare', '--mount', 'true'))
    ? undefined
    : 'it needs root, or sudo without a password';
}

function succeeds(program: string, ...args: string[]): Promise<boolean> {
  return runCommand(program, args).then(
    () => true,
    () => false,
  );
}

/**
 * The built action as a runner starts it, with a replayer that hunts for what its parent holds.
 *
 * The step is started by root and becomes the user that it is to be, with a `sudo` that asks for no password: a
 * copy of `setpriv` with the bit that makes it root's, on a mount that nobody else sees and that goes with it.
 */
export async function hunt({ rung, sealed, user }: Situation): Promise<Bag> {
  const node = await findNode24();
  if (!node.available) throw new Error(node.reason);
  const folder = await temporaryFolder('hunting-ground');
  const inFolder = (name: string): string => join(folder, name);
  const mark = `mark-${String(process.pid)}-${Math.random().toString(36).slice(2)}`;
  const canary = [`canary-${mark}`, 'of-the-credential'];
  const own = process.getuid?.() ?? 0;
  const runsAs = user === 'root' ? 0 : own === 0 ? NOBODY : own;

  const workspace = await makeWorkspace({
    from: join(projectRoot, '__tests__', 'fixtures', 'histories', 'orders-1.24.0'),
    into: 'histories',
  });
  const gitConfig = join(workspace.path, '.git', 'config');
  await runCommand('git', ['config', '--file', gitConfig, 'http.extraheader', canary.join('')]);
  await mkdir(inFolder('actions'));
  await mkdir(inFolder('tmp'));
  await writeFile(inFolder('actions/index.js'), '');
  const prey = {
    canary,
    mark,
    pidFile: inFolder('pid'),
    socket: inFolder('socket'),
    temporary: [inFolder('tmp'), inFolder('runner-temp')],
    ours: [],
    commandFile: inFolder('runner-temp/_runner_file_commands/set_env'),
    gitConfig,
    actionFile: inFolder('actions/index.js'),
    inspectorPort: await freePort(),
    nodeOptions: `--title=${mark}`,
    bag: join(workspace.path, 'bag.json'),
  };
  await writeFile(inFolder('prey.json'), JSON.stringify(prey));
  // Not every user can read a checkout.
  await cp(join(projectRoot, 'dist'), inFolder('dist'), { recursive: true });
  await chmod(inFolder('dist'), 0o755);
  await cp(join(import.meta.dirname, 'hunter.mjs'), inFolder('hunter.mjs'));
  await writeFile(inFolder('unsealed.cjs'), 'delete process.execve;');
  await writeFile(
    inFolder('step'),
    step({ folder, node: node.path, uid: runsAs, sealed, inspectorPort: prey.inspectorPort }),
  );
  await writeFile(
    inFolder('node'),
    `#!/bin/bash\nexec ${own === 0 ? '' : 'sudo -n --preserve-env -- '}bash ${inFolder('step')} "$PATH" "$@"\n`,
  );
  await chmod(inFolder('node'), 0o755);
  await chmod(folder, 0o755);
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(prey.socket, resolve));
  try {
    const result = await checkPullRequest(workspace, {
      title: '[compatible-v1.0] Ship faster',
      node: inFolder('node'),
      dist: inFolder('dist/index.js'),
      searchesLeaks: false,
      env: {
        TEMPORAL_API_KEY: canary.join(''),
        NODE_OPTIONS: prey.nodeOptions,
        TMPDIR: inFolder('tmp'),
      },
      inputs: {
        histories: 'histories/order-charging.json',
        language: 'command',
        workflows: `'${node.path}' ${inFolder('hunter.mjs')} ${inFolder('prey.json')}`,
        isolation: rung,
      },
    });
    return { ...(await takeBag(prey, result, workspace.path)), runsAs };
  } finally {
    server.close();
    await workspace.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function takeBag(
  { bag, mark }: { readonly bag: string; readonly mark: string },
  result: CheckResult,
  workspace: string,
): Promise<Omit<Bag, 'runsAs'>> {
  let text: string;
  try {
    text = await readFile(bag, 'utf8');
  } catch {
    throw new Error(`nothing was hunted:\n${result.stdout}\n${result.stderr}`);
  }
  const { uid, home, cwd, status, ...found } = JSON.parse(text) as Record<string, boolean> &
    Pick<Bag, 'uid' | 'home' | 'cwd' | 'status'>;
  // What was killed needs a moment to be gone.
  await sleep(200);
  const daemons = processesWith(mark);
  for (const pid of daemons) process.kill(pid, 'SIGKILL');
  const descriptors = result.stdout.split('\n').includes(mark);
  if (descriptors !== found['descriptors']) throw new Error('what it wrote did not arrive');
  const report = JSON.parse(await readFile(result.outputs['report'] ?? '', 'utf8')) as {
    isolation: unknown;
  };
  return {
    found: { ...found, 'surviving daemon': daemons.length > 0 },
    ...{ uid, home, cwd, status, workspace, result },
    isolation: report.isolation,
  };
}

function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

interface Step {
  readonly folder: string;
  readonly node: string;
  readonly uid: number;
  readonly sealed: boolean;
  readonly inspectorPort: number;
}

/**
 * Run by bash, because dash drops variables with a hyphen in their names. The step's output goes through a pipe, as
 * that of a runner's: the socket that Node makes of one cannot be opened anew.
 */
function step({ folder, node, uid, sealed, inspectorPort }: Step): string {
  const options = [
    `--inspect-port=${inspectorPort}`,
    ...(sealed ? [] : [`--require=${folder}/unsealed.cjs`]),
  ];
  return `set -e
if [ "$1" != mounted ]; then exec unshare --mount bash "$0" mounted "$@"; fi
shift
mount -t tmpfs -o mode=755 tmpfs /mnt
cp "$(PATH=/usr/bin:/bin command -v setpriv)" /mnt/raise
chmod 4755 /mnt/raise
mkdir /mnt/bin
cat > /mnt/bin/sudo <<'SUDO'
#!/bin/sh
# sudo -n -- COMMAND…, with an environment of its own as sudo has it
shift 2
exec /mnt/raise --reuid=0 --regid=0 --clear-groups -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin SUDO_USER=runner "$@"
SUDO
chmod 755 /mnt/bin/sudo
ln -sfn "$RUNNER_TEMP" ${folder}/runner-temp
${uid === 0 ? '' : `chown -R ${uid}:${uid} "$RUNNER_TEMP" "$GITHUB_WORKSPACE" ${folder}`}
chown 0:${GROUP} ${folder}/socket
chmod 660 ${folder}/socket
chmod 644 ${folder}/prey.json
PATH="/mnt/bin:$1"
shift
export PATH
exec setpriv --reuid=${uid} --regid=${uid} --groups=${GROUP} -- \\
  bash -c 'echo $$ > ${folder}/pid; exec > >(exec cat); exec "$@"' step ${node} ${options.join(' ')} "$@"
`;
}
