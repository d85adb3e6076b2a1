import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Code under test that hunts: `hunter.mjs PREY_FILE`, as a replayer of its own. What it is looking for is told by
 * a file, because it must not have it already; `found` in what it leaves means that it got it.
 */
const prey = JSON.parse(readFileSync(process.argv[2], 'utf8'));

/** A canary, put together here so that neither this file nor the prey's holds it as it is. */
const canary = prey.canary.join('');

/** Everybody that can be seen, and the parent by the number that it has outside, in case that helps. */
function prowl() {
  const seen = readdirSync('/proc').filter(
    (name) => /^\d+$/u.test(name) && Number(name) !== process.pid,
  );
  // Of a machine's many processes only ours: what others hold is none of a test's business.
  const near = seen.length < 20 ? seen : [];
  const parent = readFileSync(prey.pidFile, 'utf8').trim();
  return [...new Set([...near, parent, String(process.ppid)])];
}

const anyOf = (look) =>
  prowl().some((pid) => {
    try {
      return look(pid);
    } catch {
      return false;
    }
  });

function memoryOf(pid) {
  const regions = readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .filter((line) => / rw-p /u.test(line) && /\[(?:heap|stack)\]$/u.test(line));
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    return regions.some((line) => {
      const [from, to] = line
        .split(' ')[0]
        .split('-')
        .map((hex) => Number.parseInt(hex, 16));
      const bytes = Buffer.alloc(to - from);
      try {
        readSync(memory, bytes, 0, bytes.length, from);
      } catch {
        return false;
      }
      return bytes.includes(canary);
    });
  } finally {
    closeSync(memory);
  }
}

function filesBelow(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

const reads = (path, text) => {
  try {
    return readFileSync(path, 'utf8').includes(text);
  } catch {
    return false;
  }
};

const changes = (path) => {
  try {
    appendFileSync(path, 'HUNTED=changed by the code under test\n');
    return true;
  } catch {
    return false;
  }
};

const connects = (options) =>
  new Promise((resolve) => {
    const socket = connect(options, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

const HUNTS = {
  environ: () => anyOf((pid) => readFileSync(`/proc/${pid}/environ`).includes(canary)),
  memory: () => anyOf(memoryOf),
  descriptors: () =>
    anyOf((pid) => {
      if (pid === String(process.ppid) && pid !== readFileSync(prey.pidFile, 'utf8').trim())
        return false;
      // The parent's standard output is the runner's: a line there is a command.
      const log = openSync(`/proc/${pid}/fd/1`, 'w');
      writeSync(log, `\n${prey.mark}\n`);
      closeSync(log);
      return true;
    }),
  'setuid helper': () => {
    const pid = readFileSync(prey.pidFile, 'utf8').trim();
    const { stdout } = spawnSync('sudo', ['-n', '--', 'cat', `/proc/${pid}/environ`]);
    return stdout?.includes(canary) ?? false;
  },
  'group-owned socket': () => connects({ path: prey.socket }),
  'surviving daemon': () => {
    // Who judges it is the test, which looks whether it is still there.
    spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', prey.mark], {
      detached: true,
      stdio: 'ignore',
      cwd: '/',
    }).unref();
    return false;
  },
  'temporary files': () =>
    prey.temporary.some((folder) =>
      filesBelow(folder).some((path) => !prey.ours.includes(path) && reads(path, canary)),
    ),
  "the runner's command files": () => changes(prey.commandFile),
  "the checkout's credentials": () => reads(prey.gitConfig, canary),
  "the actions' folder": () => changes(prey.actionFile),
  inspector: async () => {
    const pid = Number(readFileSync(prey.pidFile, 'utf8'));
    try {
      process.kill(pid, 'SIGUSR1');
    } catch {
      // Another's, or not to be seen: it may listen all the same.
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    return connects({ port: prey.inspectorPort, host: '127.0.0.1' });
  },
  NODE_OPTIONS: () => JSON.stringify(process.env).includes(prey.nodeOptions),
};

const say = (message) => writeSync(3, `${JSON.stringify(message)}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === 'start') {
    const bag = {
      status: readFileSync('/proc/self/status', 'utf8'),
      uid: process.getuid(),
      home: process.env.HOME,
      cwd: process.cwd(),
    };
    for (const [name, hunt] of Object.entries(HUNTS)) bag[name] = await hunt();
    writeFileSync(prey.bag, JSON.stringify(bag));
    say({
      type: 'ready',
      language: 'typescript',
      sdk: { name: 'hunter', version: '1' },
      workflowTypes: [],
      dynamic: true,
    });
  }
  if (message.type === 'replay') say({ type: 'result', id: message.id, outcome: 'passed' });
}
