import type { IHistoryEvent } from '../../src/temporal/history/proto.js';
import { JAVA_SDKS } from '../../testing/java-sdk.js';
import { readFixture, withEvents, type Fixture } from '../fixtures/histories.js';

/** The recorded histories of the application `commands-java`. */
export const SET = `java-commands-${JAVA_SDKS.newest}`;

/** One of them, possibly edited. */
export function commandsJavaHistory(
  name: string,
  edit: (events: IHistoryEvent[]) => void = () => undefined,
  set = SET,
): Fixture {
  return withEvents(readFixture(set, name), (events) => {
    edit(events);
    return events;
  });
}
