import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { processesInFolder } from './processes-in-folder.js';
import { projectRoot } from './project-root.js';
import type { ActionResult, RunActionOptions } from './run-action.js';
import { leaksIn, leaksInFiles, withoutMasks } from './leaks.js';
import { RunnerCommands, shownAnnotations, splitLines } from './runner-commands.js';
import { parseRunnerFile } from './runner-files.js';
import { stepOf } from './step.js';

/**
 * Runs the action in this process, from `src/`: the same inputs, the same output as the runner reads it, without
 * the second that a process takes. For whatever does not need a process to be seen. Replayers are processes all
 * the same.
 *
 * One at a time: the environment and the output are this process's own.
 */
export async function runHere(options: RunActionOptions): Promise<ActionResult> {
  const began = performance.now();
  const step = await stepOf(options);
  const { files, runnerTemp, canaries } = step;
  const front = await frontOf(options.apiUrl);
  const commands = new RunnerCommands(options.cwd, step.secrets);
  const run = await jobToRun(jobOf(options), front);
  const printed = await inEnvironment({ ...step.env, GITHUB_API_URL: front }, run);
  for (const line of splitLines(printed.text)) commands.process(line);
  const leaks = [
    ...leaksIn('the log', withoutMasks(printed.text), canaries),
    ...(await leaksInFiles(runnerTemp, 0, canaries)),
  ];
  if (leaks.length > 0) throw new Error(`Credentials leak:\n${leaks.join('\n')}`);
  const annotations = shownAnnotations(commands.annotations);
  return {
    exitCode: printed.exitCode,
    signal: null,
    pid: process.pid,
    outputs: parseRunnerFile(await readFile(files.GITHUB_OUTPUT, 'utf8')),
    exportedVariables: parseRunnerFile(await readFile(files.GITHUB_ENV, 'utf8')),
    state: parseRunnerFile(await readFile(files.GITHUB_STATE, 'utf8')),
    summary: commands.masked(await readFile(files.GITHUB_STEP_SUMMARY, 'utf8')),
    annotations,
    droppedAnnotations: commands.annotations.filter((each) => !annotations.includes(each)),
    log: commands.log,
    debug: commands.debug,
    executed: commands.executed,
    stdout: printed.text,
    stderr: '',
    durationMs: performance.now() - began,
    cpuMs: undefined,
    runnerTemp,
    leftBehind: await processesInFolder(options.cwd),
  };
}

const JOBS = ['fetch', 'replay', 'report', 'retire'] as const;
type Job = 'check' | (typeof JOBS)[number];

/** `dist/index.js`, or the entry of another job. */
function jobOf({ dist }: RunActionOptions): Job {
  const folder = basename(dirname(dist));
  return JOBS.find((job) => job === folder) ?? 'check';
}

/** Loaded only here: what talks to GitHub reads once, as it is loaded, where that is. */
async function jobToRun(job: Job, apiUrl: string): Promise<() => Promise<void>> {
  const before = process.env['GITHUB_API_URL'];
  process.env['GITHUB_API_URL'] = apiUrl;
  try {
    return await load(job);
  } finally {
    if (before === undefined) delete process.env['GITHUB_API_URL'];
    else process.env['GITHUB_API_URL'] = before;
  }
}

async function load(job: Job): Promise<() => Promise<void>> {
  const replayersFolder = join(projectRoot, 'dist', 'replayers');
  switch (job) {
    case 'check': {
      const { runAction } = await import('../src/runner/one-job.js');
      return () => runAction(replayersFolder);
    }
    case 'fetch':
      return (await import('../src/runner/fetch-job.js')).runFetchJob;
    case 'replay': {
      const { runReplayJob } = await import('../src/runner/replay-job.js');
      return () => runReplayJob(replayersFolder);
    }
    case 'report':
      return (await import('../src/runner/report-job.js')).runReportJob;
    case 'retire':
      return (await import('../src/runner/retire-job.js')).runRetireJob;
  }
}

/** Runs something as a step, and takes back all that it does to this process. */
async function inEnvironment(
  env: Readonly<Record<string, string>>,
  run: () => Promise<void>,
): Promise<{ readonly text: string; readonly exitCode: number | null }> {
  const before = { ...process.env };
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write.bind(stream));
  const listeners = listenersOf();
  const exitCode = process.exitCode;
  let text = '';
  try {
    for (const name of Object.keys(before)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, env);
    for (const stream of streams) {
      stream.write = (chunk: string | Uint8Array): boolean => {
        text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
        return true;
      };
    }
    // As the entry does, first of all.
    process.exitCode = 1;
    await run();
    return { text, exitCode: exitCodeNow() };
  } finally {
    process.exitCode = exitCode;
    streams.forEach((stream, index) => Object.assign(stream, { write: writes[index] }));
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
    for (const event of EVENTS) {
      for (const listener of process.listeners(event as 'SIGINT')) {
        if (!listeners.get(event)?.includes(listener)) process.removeListener(event, listener);
      }
    }
  }
}

/** Read anew: the compiler takes it for what was written to it last. */
function exitCodeNow(): number | null {
  const { exitCode } = process;
  return typeof exitCode === 'number' ? exitCode : null;
}

const EVENTS = ['SIGINT', 'SIGTERM', 'exit'] as const;

function listenersOf(): ReadonlyMap<string, readonly unknown[]> {
  return new Map(EVENTS.map((event) => [event, process.listeners(event as 'SIGINT')]));
}

let front: Promise<string> | undefined;
let behind: string | undefined;
const connections = new Set<Socket>();

/** One address for all fakes of a test file, which leads to the one that is meant now. */
async function frontOf(apiUrl: string | undefined): Promise<string> {
  behind = apiUrl;
  // What is kept alive leads to another one.
  for (const connection of connections) connection.destroy();
  await soon();
  front ??= new Promise((resolve, reject) => {
    const server = createServer((client) => {
      if (behind === undefined) {
        client.destroy();
        return;
      }
      const { hostname, port } = new URL(behind);
      const fake = connect(Number(port), hostname);
      for (const [one, other] of [
        [client, fake],
        [fake, client],
      ] as const) {
        connections.add(one);
        one.pipe(other);
        one.once('error', () => other.destroy());
        one.once('close', () => {
          connections.delete(one);
          other.destroy();
        });
      }
    });
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
    server.unref();
  });
  return front;
}
