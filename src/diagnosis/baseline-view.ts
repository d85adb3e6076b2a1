import type { HistoryReader } from '../engine/history-reader.js';
import type { RecordedHistory } from '../engine/recorded-history.js';
import type { BaselineView } from '../model/finding.js';
import type { RecordedCommand } from '../replay/protocol.js';
import { truncate } from '../untrusted/readable.js';
import { layBeside, type Mismatch } from './align.js';
import type { BaselineFailure } from './failure.js';
import { sourceLocation } from './source-location.js';

/**
 * What the baseline does where the code under test diverges from history.
 *
 * @param failure undefined: the history was not replayed on the baseline
 * @param directory absolute real path of the baseline's root
 */
export function baselineView(
  failure: BaselineFailure | undefined,
  history: RecordedHistory,
  mismatch: Mismatch | undefined,
  directory: string,
  reader: HistoryReader,
): BaselineView {
  const said = truncate(reader.readMessage(failure?.message ?? '').words, 200);
  switch (failure?.relation) {
    case undefined:
      return { relation: 'not-compared', words: 'was not replayed there' };
    case 'not-compared':
      return { relation: 'not-compared', words: `could not be judged there: ${said}` };
    case 'pre-existing':
      return {
        relation: 'pre-existing',
        words: failure.isChance === true ? DIFFERS : 'breaks in the same way',
      };
    case 'fails-otherwise':
      if (failure.isChance === true) return { relation: 'fails-otherwise', words: DIFFERS };
      return { relation: 'fails-otherwise', words: `breaks too, in another way: ${said}` };
    case 'introduced': {
      const command = issuedThere(failure.recorded?.commands ?? [], history, mismatch);
      const location = command === undefined ? undefined : sourceLocation(command, directory);
      return {
        relation: 'introduced',
        words: wordsFor(command, mismatch, reader),
        ...(location === undefined ? {} : { location }),
      };
    }
  }
}

const DIFFERS = 'does not do the same in each replay either';

/** The baseline's command for the event of history that the code under test does not match. */
function issuedThere(
  recorded: readonly RecordedCommand[],
  history: RecordedHistory,
  mismatch: Mismatch | undefined,
): RecordedCommand | undefined {
  const event = mismatch?.kind === 'extra' ? mismatch.next?.event : mismatch?.expected.event;
  if (event === undefined) return undefined;
  return layBeside(history, recorded).pairs.find(({ expected }) => expected.event === event)
    ?.issued;
}

function wordsFor(
  command: RecordedCommand | undefined,
  mismatch: Mismatch | undefined,
  reader: HistoryReader,
): string {
  if (mismatch?.kind === 'extra') {
    return mismatch.next === undefined
      ? 'issues nothing more in that workflow task'
      : `issues nothing more in that workflow task, and goes on with ${mismatch.next.event.description.words}`;
  }
  return command === undefined ? 'passes' : reader.commandWords(command);
}
