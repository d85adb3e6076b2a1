import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';

/** A JSON Schema, read only by the validator and by `sample`. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  /** With placeholders, `/repos/{owner}/{repo}/…`. */
  readonly path: string;
  readonly pathParameters: Schema;
  readonly queryParameters: Schema;
  readonly requestBody?: Schema;
  /** By status code. A response without a body has an empty schema. */
  readonly responses: Readonly<Record<string, Schema>>;
}

export interface MatchedOperation {
  readonly operation: Operation;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Description {
  readonly operations: readonly Operation[];
  readonly $defs: Readonly<Record<string, Schema>>;
}

const description = JSON.parse(
  readFileSync(join(import.meta.dirname, 'github.json'), 'utf8'),
) as Description;

/** Which of GitHub's operations a request asks for; `undefined` when it is none of those we know. */
export function matchOperation(method: string, path: string): MatchedOperation | undefined {
  for (const operation of description.operations) {
    if (operation.method !== method) continue;
    const pattern = operation.path.replace(/\{(\w+)\}/gu, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}$`, 'u').exec(path);
    if (match) return { operation, pathParameters: { ...match.groups } };
  }
  return undefined;
}

/** One of GitHub's objects by the name it has in the description, such as `pull-request`. */
export function definition(name: string): Schema {
  const found = description.$defs[name];
  if (found === undefined) throw new Error(`testing/openapi/github.json has no ${name}`);
  return found;
}

/** What is wrong with a value, one line each; nothing when it is valid. */
export function violationsOf(schema: Schema, value: unknown, what: string): readonly string[] {
  return explain(validator(strict, schema), value, what);
}

/** The same for what comes as text, in which numbers and booleans have to be recognised first. */
export function violationsOfText(
  schema: Schema,
  values: Readonly<Record<string, string>>,
  what: string,
): readonly string[] {
  // Recognising them writes into the object, hence the copy.
  return explain(validator(coercing, schema), { ...values }, what);
}

// GitHub's schemas use formats and unions that ajv's own strictness would complain about.
const strict = new Ajv({ strict: false, allErrors: true });
const coercing = new Ajv({ strict: false, allErrors: true, coerceTypes: true });
const compiled = new WeakMap<Ajv, WeakMap<Schema, ValidateFunction>>();

for (const ajv of [strict, coercing]) {
  ajvFormats.default(ajv);
  ajv.addSchema({ $id: 'github', $defs: description.$defs });
  compiled.set(ajv, new WeakMap());
}

function validator(ajv: Ajv, schema: Schema): ValidateFunction {
  const known = compiled.get(ajv)?.get(schema);
  if (known) return known;
  const validate = ajv.compile(absolute(schema) as Schema);
  compiled.get(ajv)?.set(schema, validate);
  return validate;
}

/** References are relative to the description, which an operation's schema is not part of. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? `github${inner}` : absolute(inner),
    ]),
  );
}

function explain(validate: ValidateFunction, value: unknown, what: string): readonly string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra: unknown = params['additionalProperty'];
    const which = typeof extra === 'string' ? ` (${extra})` : '';
    return `${what}${instancePath}: ${message ?? 'is not valid'}${which}`;
  });
}
