import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fromReplayer, toReplayer } from '../src/replay/protocol.js';
import { projectRoot } from './project-root.js';

export const PROTOCOL_SCHEMA = join(projectRoot, 'docs', 'replayer-protocol.schema.json');

/** The JSON Schema of every message, made from what the parent itself checks. */
export function protocolSchema(): object {
  const each = (union: typeof toReplayer | typeof fromReplayer): Record<string, object> =>
    Object.fromEntries(
      union.options.map((option) => {
        const { $schema: _, ...schema } = z.toJSONSchema(option, {
          io: 'input',
          unrepresentable: 'any',
        });
        return [option.shape.type.value, schema];
      }),
    );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Messages of the replayer protocol, version 1',
    description:
      'One JSON object a line. toReplayer is what the parent sends, fromReplayer what a replayer sends; docs/replayer-protocol.md says what each means.',
    $defs: { toReplayer: each(toReplayer), fromReplayer: each(fromReplayer) },
  };
}

export function writtenProtocolSchema(): unknown {
  return JSON.parse(readFileSync(PROTOCOL_SCHEMA, 'utf8'));
}
