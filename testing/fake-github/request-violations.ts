import { violationsOf, violationsOfText, type MatchedOperation } from '../openapi/description.js';
import type { Asked } from './exchange.js';

/** What GitHub's description, or its rules for all requests, do not allow in a request. */
export function requestViolations(
  { operation, pathParameters }: MatchedOperation,
  { query, headers, body }: Asked,
): readonly string[] {
  const { requestBody } = operation;
  return [
    ...violationsOfText(operation.pathParameters, pathParameters, 'path'),
    ...violationsOfText(operation.queryParameters, query, 'query'),
    ...(requestBody === undefined
      ? found(body !== undefined, 'body: there must be none')
      : violationsOf(requestBody, body, 'body')),
    ...found(!/\bjson\b/u.test(headers.accept ?? ''), 'header accept: must ask for JSON'),
    ...found(headers.authorization === undefined, 'header authorization: is missing'),
    ...found(headers['user-agent'] === undefined, 'header user-agent: is missing'),
    ...found(
      body !== undefined && !/\bjson\b/u.test(headers['content-type'] ?? ''),
      'header content-type: must be JSON',
    ),
  ];
}

function found(isWrong: boolean, violation: string): readonly string[] {
  return isWrong ? [violation] : [];
}
