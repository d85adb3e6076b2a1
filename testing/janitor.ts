import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Reads what there is to clean up from its standard input, and cleans up when that ends.
 * Process ids stand for process groups. Signals meant for us (Ctrl-C) must not end it first.
 */
const SCRIPT = `
trap '' INT TERM HUP
pids=
while read -r what value; do
  case $what in
    kill) pids="$pids $value" ;;
    ended)
      rest=
      for pid in $pids; do [ "$pid" = "$value" ] || rest="$rest $pid"; done
      pids=$rest ;;
    remove) set -- "$@" "$value" ;;
  esac
done
for pid in $pids; do kill -s KILL -- "-$pid"; done
rm -rf -- "$@"
`;

let orders: Writable | undefined;

/**
 * Says what has to go when this process ends, however it ends.
 *
 * Handlers for `exit` and for signals would miss a SIGKILL, and jest gives tests a copy of `process`
 * whose handlers are never called. So a shell beside us waits for the end of its standard input,
 * which only we hold open and which the system closes with us.
 */
export function atOurEnd(order: { kill: number } | { ended: number } | { remove: string }): void {
  orders ??= startJanitor();
  for (const [what, value] of Object.entries(order)) orders.write(`${what} ${value}\n`);
}

function startJanitor(): Writable {
  const janitor = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const { stdin } = janitor;
  // Neither the shell nor the pipe to it may keep us running.
  janitor.unref();
  (stdin as unknown as { unref?: () => void }).unref?.();
  return stdin;
}
