import { definition, type Schema } from './description.js';

/**
 * A valid value for one of GitHub's objects, with just the properties that it must have, and over
 * it what matters to the caller. So a fake answer has everything that a real one is sure to have,
 * without a page of addresses that nobody reads.
 */
export function sample(name: string, given: object): object {
  const value = sampleOf(definition(name));
  if (!isObject(value)) throw new Error(`${name} is not an object`);
  return merge(value, given);
}

function sampleOf(schema: Schema): unknown {
  const { $ref, enum: choices, allOf, anyOf, oneOf, properties, required, format } = schema;
  if (typeof $ref === 'string') return sampleOf(definition($ref.replace('#/$defs/', '')));
  if (Array.isArray(choices)) return choices[0];
  const types = [schema['type']].flat();
  if (types.includes('null')) return null;
  if (Array.isArray(allOf)) return Object.assign({}, ...(allOf as Schema[]).map(sampleOf));
  const alternatives = (anyOf ?? oneOf) as Schema[] | undefined;
  if (alternatives && !isObject(properties)) {
    return alternatives.some(({ type }) => type === 'null')
      ? null
      : sampleOf(alternatives[0] ?? {});
  }
  if (isObject(properties)) {
    const names = Array.isArray(required) ? (required as string[]) : [];
    return Object.fromEntries(
      names.map((name) => [name, sampleOf((properties[name] ?? {}) as Schema)]),
    );
  }
  switch (types[0]) {
    case 'string':
      return format === 'date-time' ? '2026-01-01T00:00:00Z' : 'https://example.com/';
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return false;
    case 'array':
      return [];
    default:
      return {};
  }
}

function merge(below: Readonly<Record<string, unknown>>, above: object): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
