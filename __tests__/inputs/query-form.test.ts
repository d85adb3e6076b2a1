import { expect, test } from '@jest/globals';
import { queryFormProblem } from '../../src/inputs/query-form.js';

test.each([
  'WorkflowType = "order"',
  '(WorkflowType = "order" OR WorkflowType = "refund") AND CloseTime IS NULL',
  'WorkflowId = "a ) quoted ( parenthesis"',
  `WorkflowId = 'it''s (doubled'`,
  String.raw`WorkflowId = "an \" escaped ("`,
])('%s stands by itself', (query) => {
  expect(queryFormProblem(query)).toBeUndefined();
});

test.each([
  ['WorkflowType = "order") OR (WorkflowType = "refund"', /closes a parenthesis/u],
  ['(WorkflowType = "order"', /does not close a parenthesis/u],
  ['WorkflowType = "order', /does not close a quote/u],
  [String.raw`WorkflowType = "order\"`, /does not close a quote/u],
  [`WorkflowType = 'order' AND WorkflowId = 'x`, /does not close a quote/u],
])('%s would break out of the parentheses around it', (query, problem) => {
  expect(queryFormProblem(query)).toMatch(problem);
});
