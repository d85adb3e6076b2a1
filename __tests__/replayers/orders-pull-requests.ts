import { expect } from '@jest/globals';
import { align } from '../../src/diagnosis/align.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import type { OrdersPatch } from '../../testing/orders-application.js';
import { recordedHistory } from '../builders/recorded-history.js';
import type { Fixture } from '../fixtures/histories.js';
import { sourceLine } from './source-line.js';

/** What a patch of the example application does to the histories of its first version. */
export interface OrdersPullRequest {
  readonly patch: OrdersPatch;
  /** Names of the histories that it breaks. */
  readonly broken: readonly string[];
  readonly outcome: string;
  readonly message: RegExp;
  /** Text of the line that is to blame. */
  readonly line?: string;
}

type Place = ReturnType<typeof sourceLine>;

/**
 * Replays a history with a pull request's code, and holds the result to what is known of it.
 *
 * @param issuedAt how the command that differs is recorded, where the text of its line stands at a place
 */
export async function expectReplayed(
  { broken, outcome, message, line }: OrdersPullRequest,
  history: Fixture,
  { application, file }: { readonly application: string; readonly file: string },
  replay: (history: Fixture, record?: boolean) => Promise<ResultMessage>,
  issuedAt: (place: Place) => object = (place) => place,
): Promise<void> {
  const result = await replay(history);
  if (!broken.includes(history.name)) {
    expect(result).toMatchObject({ outcome: 'passed' });
    return;
  }
  expect(result.outcome).toBe(outcome);
  expect(result.message).toMatch(message);
  if (line === undefined) {
    expect(result).not.toHaveProperty('line');
    return;
  }
  const place = sourceLine(application, file, line);
  if (result.outcome === 'task-failed') {
    expect(result).toMatchObject(place);
    return;
  }
  const recorded = await replay(history, true);
  expect(recorded.outcome).toBe(result.outcome);
  expect(align(recordedHistory(history.events), recorded.commands ?? [])).toMatchObject({
    kind: 'differs',
    issued: issuedAt(place),
  });
}
