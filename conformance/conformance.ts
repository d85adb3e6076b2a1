import { parseArgs } from 'node:util';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { HistoryFiles } from '../src/temporal/history-files.js';
import { commandProgram } from '../src/languages/replayer-program.js';
import { describeUnknown } from '../src/model/user-error.js';
import { replayEnvironment } from '../src/replay/environment.js';
import { endAllReplayers } from '../src/replay/replayer-process.js';
import { temporalReader } from '../src/temporal/reader.js';
import { CHECKS, type Read, type Subject } from './checks.js';

/**
 * `npm run conformance -- [options] COMMAND`: does this command follow the replayer protocol? It is started
 * as `language: command` starts it. The exit code is 1 where it breaks a rule of docs/replayer-protocol.md.
 */

const USAGE = `Usage: npm run conformance -- [options] 'COMMAND'

COMMAND               command line of the replayer, as in the input workflows with language: command
--folder FOLDER       the application's folder, in which the command starts (default: the current one)
--passes GLOB         exported histories that the application's code can replay
--breaks GLOB         exported histories on which the code breaks
--workflows TEXT      workflows in the message start`;

process.exitCode = 1;
try {
  await main();
} catch (error) {
  console.error(describeUnknown(error));
} finally {
  await endAllReplayers();
}

async function main(): Promise<void> {
  const text = { type: 'string' as const };
  const { values, positionals } = parseArgs({
    options: { folder: text, passes: text, breaks: text, workflows: text },
    allowPositionals: true,
  });
  const [command] = positionals;
  if (command === undefined || positionals.length > 1) {
    console.error(USAGE);
    return;
  }
  const cwd = resolve(values.folder ?? '.');
  const scratch = mkdtempSync(join(tmpdir(), 'replay-conformance-'));
  try {
    const subject: Subject = {
      command: commandProgram(command, cwd, replayEnvironment(process.env, 'command')),
      start: {
        type: 'start',
        protocol: 1,
        ...(values.workflows === undefined ? {} : { workflows: values.workflows }),
        options: { scratch, accelerate: true },
        namespace: 'default',
        historyFormat: temporalReader.historyFormat,
      },
      passing: await histories(values.passes),
      breaking: await histories(values.breaks),
    };
    if (await conforms(subject)) process.exitCode = 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function histories(pattern: string | undefined): Promise<Read[]> {
  if (pattern === undefined) return [];
  const files = new HistoryFiles();
  const reads: Read[] = [];
  for (const execution of await files.list(pattern, process.cwd())) {
    const read = await files.read(execution);
    if (read.kind === 'read') reads.push(read);
  }
  return reads;
}

async function conforms(subject: Subject): Promise<boolean> {
  const counts = { met: 0, broken: 0, 'not asked': 0 };
  for (const { name, run } of CHECKS) {
    const answer = await run(subject);
    if (answer === 'met') {
      counts.met += 1;
      console.log(`✓ ${name}`);
    } else if ('broken' in answer) {
      counts.broken += 1;
      console.log(`✗ ${name}\n    ${answer.broken}`);
    } else {
      counts['not asked'] += 1;
      console.log(`- ${name}\n    not asked: ${answer.notAsked}`);
    }
  }
  console.log(
    `\n${Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}`,
  );
  return counts.broken === 0 && counts.met > 0;
}
