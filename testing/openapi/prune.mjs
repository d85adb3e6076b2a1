// Cuts GitHub's REST description (13 MB, from the package @octokit/openapi) down to the operations
// that the action uses, as JSON Schemas that a validator takes as they are:
//
//     node testing/openapi/prune.mjs            writes testing/openapi/github.json
//     node testing/openapi/prune.mjs --check    fails when that file is not what it would write
//
// Run it after an update of @octokit/openapi, or after adding to OPERATIONS.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { format } from 'prettier';

const OPERATIONS = [
  ['get', '/repos/{owner}/{repo}/pulls/{pull_number}'],
  ['get', '/repos/{owner}/{repo}/pulls/{pull_number}/files'],
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['post', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['patch', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['delete', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['get', '/repos/{owner}/{repo}/pulls/{pull_number}/comments'],
  ['post', '/repos/{owner}/{repo}/pulls/{pull_number}/comments'],
  ['delete', '/repos/{owner}/{repo}/pulls/comments/{comment_id}'],
  ['get', '/user'],
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}/timeline'],
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}/events'],
  ['get', '/repos/{owner}/{repo}/git/matching-refs/{ref}'],
  ['get', '/repos/{owner}/{repo}/compare/{basehead}'],
];

/** What describes a schema to people but does not restrict what is valid. */
const PROSE = new Set([
  'description',
  'title',
  'example',
  'examples',
  'externalDocs',
  'deprecated',
]);

const require = createRequire(import.meta.url);
const { name, version } = require('@octokit/openapi/package.json');
const description = JSON.parse(
  await readFile(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'),
);

const definitions = {};

const operations = OPERATIONS.map(([method, path]) => {
  const { operationId, parameters, requestBody, responses } = description.paths[path][method];
  const resolved = parameters.map((parameter) => resolve(parameter));
  return {
    operationId,
    method: method.toUpperCase(),
    path,
    pathParameters: parameterSchema(resolved, 'path'),
    queryParameters: parameterSchema(resolved, 'query'),
    ...(requestBody === undefined ? {} : { requestBody: onlyKnown(bodySchema(requestBody)) }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => [status, bodySchema(response) ?? {}]),
    ),
  };
});

const target = join(import.meta.dirname, 'github.json');
const text = await format(
  JSON.stringify({
    $comment: `Made by prune.mjs from ${name} ${version}.`,
    $id: 'github',
    operations,
    $defs: sorted(definitions),
  }),
  { parser: 'json', printWidth: 100 },
);
if (!process.argv.includes('--check')) {
  await writeFile(target, text);
} else if ((await readFile(target, 'utf8')) !== text) {
  console.error('testing/openapi/github.json is not current: run node testing/openapi/prune.mjs');
  process.exitCode = 1;
}

function parameterSchema(parameters, place) {
  const chosen = parameters.filter((parameter) => parameter.in === place);
  return onlyKnown({
    type: 'object',
    properties: Object.fromEntries(chosen.map((each) => [each.name, toJsonSchema(each.schema)])),
    required: chosen.filter((each) => each.required).map((each) => each.name),
  });
}

/** What GitHub does not know it ignores without a word, which makes it a mistake of ours. */
function onlyKnown(schema) {
  return { ...schema, additionalProperties: false };
}

function bodySchema(body) {
  const schema = resolve(body).content?.['application/json']?.schema;
  return schema === undefined ? undefined : toJsonSchema(schema);
}

/** OpenAPI 3.0 is not quite JSON Schema: it says `nullable`, and keeps its schemas elsewhere. */
function toJsonSchema(schema) {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema) return { $ref: define(schema.$ref) };
  const result = {};
  for (const [key, value] of Object.entries(schema)) {
    if (PROSE.has(key) || key.startsWith('x-') || key === 'nullable') continue;
    result[key] = key === 'properties' ? mapValues(value, toJsonSchema) : toJsonSchema(value);
  }
  if (schema.nullable !== true) return result;
  if (typeof result.type !== 'string') return { anyOf: [result, { type: 'null' }] };
  return {
    ...result,
    type: [result.type, 'null'],
    ...(result.enum === undefined ? {} : { enum: [...new Set([...result.enum, null])] }),
  };
}

function define(reference) {
  const key = reference.split('/').at(-1);
  if (!(key in definitions)) {
    // Taken before it is filled, as schemas refer to themselves.
    definitions[key] = {};
    definitions[key] = toJsonSchema(follow(reference));
  }
  return `#/$defs/${key}`;
}

function resolve(value) {
  return '$ref' in value ? follow(value.$ref) : value;
}

function follow(reference) {
  return reference
    .slice('#/'.length)
    .split('/')
    .reduce((node, key) => node[key], description);
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
