import { expect, test } from '@jest/globals';
import { queryFormProblem } from '../../src/inputs/query-form.js';

test.each([
  'WorkflowType = "order"',
  '(WorkflowType = "order" OR WorkflowType = "refund") AND CloseTime IS NULL',
  'WorkflowId = "a ) quoted ( parenthesis"',
  `WorkflowId = 'it''s (doubled'`,
  String.raw`WorkflowId = "an \" escaped ("`,
  'WorkflowId = "no # comment, -- none either, /* nor this */" AND Price > -1',
])('%s stands by itself', (query) => {
  expect(queryFormProblem(query)).toBeUndefined();
});

test.each([
  ['WorkflowType = "order") OR (WorkflowType = "refund"', /closes a parenthesis/u],
  ['(WorkflowType = "order"', /does not close a parenthesis/u],
  ['WorkflowType = "order', /does not close a quote/u],
  [String.raw`WorkflowType = "order\"`, /does not close a quote/u],
  [`WorkflowType = 'order' AND WorkflowId = 'x`, /does not close a quote/u],
  // Each of these selects more than it should from a real server.
  ['# (\nWorkflowType = "order") OR (WorkflowType = "order" # )\n', /holds a comment/u],
  ['-- (\nWorkflowType = "order") OR (WorkflowType = "order" -- )\n', /holds a comment/u],
  ['// (\nWorkflowType = "order") OR (WorkflowType = "order" // )\n', /holds a comment/u],
  ['/* ( */ WorkflowType = "order") OR (WorkflowType = "order" /* ) */', /holds a comment/u],
])('%s would break out of the parentheses around it', (query, problem) => {
  expect(queryFormProblem(query)).toMatch(problem);
});
