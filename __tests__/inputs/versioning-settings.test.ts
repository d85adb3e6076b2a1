import { afterAll, describe, expect, test } from '@jest/globals';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { problemOf, settingsOf as settingsIn, type Inputs } from './reading.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

const settingsOf = (inputs: Inputs = {}) => settingsIn(inputs, { workspace });

test('versioning and deployment-name say where on the server to look', () => {
  const { source } = settingsOf({
    versioning: 'worker-deployment',
    'deployment-name': 'shop',
    'task-queue': 'orders',
  });
  expect(source).toMatchObject({ versioning: 'worker-deployment', deploymentName: 'shop' });
});

test.each(['v1.0', 'current'])('build-id: %s stands for the claim of a title', (buildId) => {
  expect(settingsOf({ 'build-id': buildId }).buildId).toBe(buildId);
});

test('the default of versioning does no harm beside history files, any other value is refused', () => {
  const files = { histories: '*.json' };
  expect(settingsOf({ ...files, versioning: 'auto', 'build-id': 'v1' })).toMatchObject({
    source: { kind: 'files' },
    buildId: 'v1',
  });
  expect(problemOf(() => settingsOf({ ...files, versioning: 'build-id' })).found).toMatch(
    /together with versioning/u,
  );
});

describe('refused is', () => {
  test.each<[string, Inputs, RegExp]>([
    ['a build ID with a quote', { 'build-id': 'v"1' }, /contains a quote/u],
    ['a build ID beside a title', { 'build-id': 'v1', title: '[compatible-v1]' }, /with title/u],
    [
      'the current build without a lookup',
      { 'build-id': 'current', versioning: 'build-id' },
      /looks nothing up/u,
    ],
    ['the current build of files', { 'build-id': 'current', histories: '*.json' }, /files/u],
    ['a deployment name with a quote', { 'deployment-name': 'a"b' }, /contains a quote/u],
    [
      'a deployment name where none is looked at',
      { 'deployment-name': 'shop', versioning: 'version-set' },
      /together with versioning "version-set"/u,
    ],
    ['no versioning without a query', { versioning: 'none' }, /without a query/u],
    [
      'no versioning with task queues that it would pass over',
      { versioning: 'none', query: 'A = 1', 'task-queue': 'orders' },
      /task-queue is set/u,
    ],
  ])('%s', (_, inputs, found) => {
    expect(problemOf(() => settingsOf(inputs)).found).toMatch(found);
  });
});
