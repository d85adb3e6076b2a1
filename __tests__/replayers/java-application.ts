import { HistoryMessage, type IHistoryEvent } from '../../src/temporal/history/proto.js';
import { JAVA_SDKS } from '../../testing/java-sdk.js';
import { readFixtures, type Fixture } from '../fixtures/histories.js';

/** The recorded histories of the application `commands-java`. */
export const SET = `java-commands-${JAVA_SDKS.newest}`;

/** One of them, possibly edited. */
export function commandsJavaHistory(
  name: string,
  edit: (events: IHistoryEvent[]) => void = () => undefined,
  set = SET,
): Fixture {
  const fixture = readFixtures(set).find((candidate) => candidate.name === name);
  if (fixture === undefined) throw new Error(`there is no history ${name}`);
  const { read } = fixture;
  const history = HistoryMessage.decode(read.history.bytes);
  edit(history.events);
  const bytes = HistoryMessage.encode(history).finish();
  return {
    ...fixture,
    events: history.events,
    read: { ...read, history: { ...read.history, bytes } },
  };
}
