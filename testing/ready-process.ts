import { startProcess, type OwnedProcess } from './processes.js';

/** Characters of what a program said last that are looked through, and that an error repeats. */
const TAIL = 4000;

export interface ReadyProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** What it prints once it is ready. */
  readonly says: string;
}

/**
 * Starts a program and waits until it says that it is ready. What it logs is kept back.
 *
 * @throws Error with the end of its log when it ends before
 */
export async function startReadyProcess(
  file: string,
  args: readonly string[],
  { cwd, env, says }: ReadyProcessOptions,
): Promise<OwnedProcess> {
  const owned = await startProcess(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  owned.child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-TAIL);
  });
  await new Promise<void>((resolve, reject) => {
    let printed = '';
    owned.child.stdout?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString('utf8')).slice(-TAIL);
      if (printed.includes(says)) resolve();
    });
    void owned.ended.then(({ code }) =>
      reject(
        new Error(`${file} in ${cwd} ended with ${String(code)} before it was ready:\n${log}`),
      ),
    );
  });
  return owned;
}
