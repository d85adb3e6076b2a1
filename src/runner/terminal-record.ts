import { resolve } from 'node:path';
import { record as recordCorpus, type Recorded } from '../corpus/record.js';
import { WholeFolder } from '../files/whole-folder.js';
import { recordParts } from '../machine/record-parts.js';
import type { Settings } from '../model/settings.js';
import { FileSeal } from '../sealing/sealed-file.js';
import { longEnough } from '../sealing/passphrase.js';
import { textTable } from '../report/text-table.js';
import { UsageError } from '../terminal/read-command.js';
import { readable } from '../untrusted/readable.js';
import type { Session } from './session.js';
import { subjectAt } from './subject-at.js';

/** Without --max-histories: a corpus is for its ways through the code, and is committed or copied. */
const MAX_HISTORIES = 100;

/** Saves histories as files: all of them, or nothing. */
export async function record(session: Session): Promise<boolean> {
  const { asked, settings: given, cancelled, say } = session;
  const settings = withScope(given, asked.values['max-histories'] === undefined);
  const seal = await sealOf(session);
  const folder = WholeFolder.open(resolve(asked.argument ?? ''));
  try {
    const recorded = await save(session, settings, async (name, text) => {
      if (seal === undefined) folder.write(name, text);
      else folder.write(`${name}.sealed`, await seal.seal(Buffer.from(text)));
    });
    cancelled.throwIfAborted();
    folder.finish();
    for (const warning of recorded.warnings) say(`warning: ${warning}`);
    tell(recorded, session);
    return true;
  } finally {
    folder.discard();
  }
}

async function save(
  { asked, environment, replayersFolder, cancelled, say, progress }: Session,
  settings: Settings,
  write: (name: string, text: string) => Promise<void>,
): Promise<Recorded> {
  const { title = '' } = settings;
  const parts = recordParts({
    settings,
    environment,
    replayersFolder,
    cancelled,
    say,
    redactsBut: asked.flags.has('redact') ? asked.keep : undefined,
    readSubject: subjectAt(undefined, title).readSubject,
    write,
    progress: (done, of) => progress.show(`Saved ${done} of at most ${of}`),
  });
  try {
    return await recordCorpus(settings, parts);
  } finally {
    await parts.close();
  }
}

/** Without a claim, every execution that the options leave is meant. */
function withScope(settings: Settings, isNumberOurs: boolean): Settings {
  const { source, budget, title, buildId } = settings;
  const sized =
    isNumberOurs && budget.select !== 'all'
      ? { ...settings, budget: { ...budget, maxHistories: MAX_HISTORIES } }
      : settings;
  if (source.kind !== 'server' || title !== undefined || buildId !== undefined) return sized;
  const { taskQueues, query, deploymentName } = source;
  const queues = taskQueues.map((name) => `"${name}"`).join(', ');
  const all = [
    ...(taskQueues.length === 0 ? [] : [`TaskQueue IN (${queues})`]),
    // Names with quotes are refused with the other options.
    ...(deploymentName === undefined ? [] : [`TemporalWorkerDeployment = "${deploymentName}"`]),
    ...(query === undefined ? [] : [`(${query})`]),
  ].join(' AND ');
  return {
    ...sized,
    buildId: 'any',
    source: {
      ...source,
      versioning: 'none',
      taskQueues: [],
      deploymentName: undefined,
      query: all,
    },
  };
}

async function sealOf({ asked, environment }: Session): Promise<FileSeal | undefined> {
  if (!asked.flags.has('encrypt')) return undefined;
  const passphrase = environment['HISTORIES_PASSPHRASE'] ?? '';
  if (passphrase === '') {
    throw new UsageError({
      found: '--encrypt is given, and the variable HISTORIES_PASSPHRASE is empty',
      expected: 'the passphrase in it',
      fix: 'set HISTORIES_PASSPHRASE, for example to what openssl rand -base64 32 prints',
    });
  }
  return FileSeal.create(longEnough(passphrase, 'HISTORIES_PASSPHRASE'));
}

function tell(recorded: Recorded, { asked, print, style }: Session): void {
  const { types, matched, leftOut } = recorded;
  const saved = types.reduce((sum, { histories }) => sum + histories, 0);
  if (asked.flags.has('json')) {
    print(
      JSON.stringify({ folder: resolve(asked.argument ?? ''), saved, ...recorded }, undefined, 2),
    );
    return;
  }
  const [head = '', ...rows] = textTable(
    ['Workflow type', 'Histories', 'Shapes'],
    types.map((one) => [one.workflowType, String(one.histories), String(one.shapes)]),
  );
  const how = asked.flags.has('redact')
    ? 'Contents are replaced, and each history replays as before. IDs, names and times are kept: look at the files before you commit them.'
    : asked.flags.has('encrypt')
      ? 'They are encrypted.'
      : 'They hold production data: do not commit them.';
  print(
    [
      style.bold(head),
      ...rows,
      '',
      `Saved ${saved} histories of ${matched} executions in ${readable(asked.argument ?? '')}. ${how}`,
      ...(leftOut > 0
        ? [`${leftOut} executions had nothing to replay, or could not be read.`]
        : []),
    ].join('\n'),
  );
}
