import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineReader } from '../../src/replay/line-reader.js';
import { fromReplayer, parseFromReplayer, toReplayer } from '../../src/replay/protocol.js';
import { replayLine } from '../../src/replay/replay-line.js';
import { ReplayerProcess } from '../../src/replay/replayer-process.js';
import { figure } from '../../testing/notes.js';
import { share } from '../../testing/tiers.js';
import { firstSeed, repeatWords } from '../../testing/seeds.js';
import { aReplay, fakeReplayer, START } from '../replay/fake-replayer.js';
import { hostileText } from '../untrusted/hostile-text.js';

/** Lines of the replayer protocol that no replayer would write, and requests that hold any name. */

const LINES = share({ fast: 2_000, middle: 5_000, trust: 100_000 });
const seed = firstSeed();

/** JSON that is nearly a message: its own fields, with values of any kind. */
const anyValue = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, '', 'passed', [], {}),
  hostileText,
  fc.jsonValue({ maxDepth: 3 }),
);
const nearMessage = fc
  .tuple(
    fc.constantFrom('ready', 'result', 'reached', 'fatal', 'start', '__proto__', '', 7),
    fc.dictionary(
      fc.constantFrom(
        ...['id', 'outcome', 'message', 'durationMs', 'language', 'sdk', 'commands', 'patches'],
        ...['files', 'workflowTypes', 'dynamic', 'reach', 'hint', 'sources', 'waits', 'handlers'],
        ...['file', 'line', 'column', '__proto__', 'constructor', 'toString'],
      ),
      anyValue,
      { maxKeys: 6 },
    ),
  )
  .map(([type, fields]) => JSON.stringify({ ...fields, type }));
/** Whole messages, of which some are about the history in its hands. */
const wholeMessage = fc
  .record({
    type: fc.constantFrom('result', 'result', 'fatal'),
    id: fc.constantFrom(aReplay().id, aReplay().id, 'another', ''),
    outcome: fc.constantFrom('passed', 'nondeterministic', 'task-failed', 'errored'),
    message: hostileText,
  })
  .map((message) => JSON.stringify(message));
const anyLine = fc.oneof(
  wholeMessage,
  nearMessage,
  nearMessage.chain((line) => fc.nat(line.length).map((end) => line.slice(0, end))),
  hostileText,
  fc.json(),
);

test('any line is a whole message, or a sentence that says what is wrong', () => {
  let messages = 0;
  fc.assert(
    fc.property(anyLine, (line) => {
      const parsed = parseFromReplayer(line);
      if (typeof parsed === 'string') {
        expect(parsed).toMatch(/^a line that is /u);
        return;
      }
      messages += 1;
      expect(fromReplayer.safeParse(parsed).success).toBe(true);
      expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    }),
    { numRuns: LINES, seed },
  );
  figure(
    'fuzzing: protocol, from a replayer',
    `${LINES} lines, of which ${messages} were messages, ${repeatWords(seed)}; 0 breaches`,
  );
});

test('lines come out whole, however their bytes come in', () => {
  const lines = fc.array(
    hostileText
      .map((text) => text.toWellFormed().replace(/\n/gu, ' '))
      .filter((text) => text.trim() !== ''),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(lines, fc.array(fc.nat(200), { maxLength: 12 }), (sent, cuts) => {
      const bytes = Buffer.from(sent.map((line) => `${line}\n`).join(''));
      const received: string[] = [];
      const reader = new LineReader(
        (line) => received.push(line),
        () => received.push('too long'),
      );
      const places = [...new Set([0, ...cuts, bytes.length])].filter((at) => at <= bytes.length);
      places.sort((a, b) => a - b);
      places.forEach((at, index) => reader.push(bytes.subarray(at, places[index + 1])));
      expect(received).toEqual(sent);
    }),
    { numRuns: Math.ceil(LINES / 5), seed },
  );
});

test('whatever a name is, a request is one line, and reads back as it was', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (workflowId, workflowType) => {
      const request = { ...aReplay(), workflowId, workflowType, id: `run ${workflowId}` };
      const line = [...replayLine(request)].join('');
      expect(line).toMatch(/^[^\n\r]*\n$/u);
      const history = Buffer.from(request.history).toString('base64');
      expect(toReplayer.parse(JSON.parse(line))).toEqual({ ...request, history });
    }),
    { numRuns: LINES, seed },
  );
  figure('fuzzing: protocol, to a replayer', `${LINES} requests, ${repeatWords(seed)}; 0 breaches`);
});

test('no line but the result of the history in its hands is one, in a real process', async () => {
  const runs = share({ fast: 10, middle: 20, trust: 300 });
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(wholeMessage, anyLine), async (line) => {
      const said = Buffer.from(line).toString('base64');
      const started = await ReplayerProcess.start(
        fakeReplayer('says', said),
        START,
        new AbortController().signal,
        20_000,
      );
      if (started.kind === 'failed') throw new Error(started.message);
      const answer = await started.replayer.replay(aReplay(), 20_000);
      started.replayer.kill();
      // The replayer says the line and ends.
      expect(['died', 'result']).toContain(answer.kind);
      if (answer.kind === 'died') return;
      answered += 1;
      const lines = line.split('\n').map((each) => parseFromReplayer(each));
      expect(answer.kind).toBe('result');
      expect(lines).toContainEqual(answer.kind === 'result' ? answer.result : undefined);
    }),
    { numRuns: runs, seed },
  );
  figure(
    'fuzzing: protocol, a process that says anything',
    `${runs} processes, ${answered} of which gave a result, ${repeatWords(seed)}; 0 breaches`,
  );
});
