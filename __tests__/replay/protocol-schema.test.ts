import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { writeFileSync } from 'node:fs';
import prettier from 'prettier';
import { parseFromReplayer } from '../../src/replay/protocol.js';
import {
  PROTOCOL_SCHEMA,
  protocolSchema,
  writtenProtocolSchema,
} from '../../testing/protocol-schema.js';
import { replayLine } from '../../src/replay/replay-line.js';
import { aReplay, START } from './fake-replayer.js';

test('the schema in docs/ is made from what the parent checks (UPDATE_GOLDEN=1 writes it)', async () => {
  const made = JSON.parse(JSON.stringify(protocolSchema())) as object;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const config = await prettier.resolveConfig(PROTOCOL_SCHEMA);
    const text = await prettier.format(JSON.stringify(made), { ...config, parser: 'json' });
    writeFileSync(PROTOCOL_SCHEMA, text);
  }
  expect(writtenProtocolSchema()).toEqual(made);
});

/** Whether the schema allows the message in that direction. */
function allows(direction: 'toReplayer' | 'fromReplayer', message: { type: string }): boolean {
  const schema = protocolSchema() as { $defs: Record<string, Record<string, object>> };
  const definition = schema.$defs[direction]?.[message.type];
  if (definition === undefined) return false;
  return new Ajv2020({ strict: false }).compile(definition)(message);
}

test('it allows what the parent sends', () => {
  expect(allows('toReplayer', START)).toBe(true);
  const line = replayLine(aReplay()) as string;
  expect(allows('toReplayer', JSON.parse(line) as { type: string })).toBe(true);
  expect(allows('toReplayer', { type: 'result' })).toBe(false);
});

const READY = { type: 'ready', language: 'x', sdk: { name: 'y', version: '1' } };
const RESULT = { type: 'result', id: '1', outcome: 'passed' };

test.each<[string, { type: string } & Record<string, unknown>]>([
  ['a ready', READY],
  ['a ready with more', { ...READY, workflowTypes: ['a'], dynamic: true, sources: ['/a'] }],
  ['a ready that left something out', { ...READY, skipped: [{ what: 'a.py', why: 'a test' }] }],
  ['a ready that does not say why', { ...READY, skipped: [{ what: 'a.py' }] }],
  ['a ready without an SDK', { ...READY, sdk: undefined }],
  ['a ready of a wrong type', { ...READY, workflowTypes: 'a' }],
  ['a result', RESULT],
  ['a result that is gone', { ...RESULT, outcome: 'gone' }],
  ['a result without an ID', { ...RESULT, id: undefined }],
  ['a record', { ...RESULT, commands: [{ command: 'StartTimer', name: '', historyLength: 3 }] }],
  ['a record without a task', { ...RESULT, commands: [{ command: 'StartTimer', name: '' }] }],
  ['a line of nought', { ...RESULT, file: '/a', line: 0 }],
  ['a handler', { ...RESULT, handlers: [{ kind: 'signal', name: 'a' }] }],
  ['a handler of a query', { ...RESULT, handlers: [{ kind: 'query', name: 'a' }] }],
  ['a fatal', { type: 'fatal', message: 'a' }],
  ['a fatal without words', { type: 'fatal' }],
  ['what is reached', { type: 'reached', files: [{ file: '/a', reached: [1], unreached: [] }] }],
  ['another word', { type: 'progress' }],
])('it allows from a replayer what the parent takes: %s', (_, message) => {
  const sent = JSON.parse(JSON.stringify(message)) as { type: string };
  expect(allows('fromReplayer', sent)).toBe(
    typeof parseFromReplayer(JSON.stringify(sent)) !== 'string',
  );
});
