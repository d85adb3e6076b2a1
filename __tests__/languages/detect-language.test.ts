import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { detectLanguage } from '../../src/languages/detect-language.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';

let workspace: WorkspaceFolder;
beforeEach(() => {
  workspace = new WorkspaceFolder();
});
afterEach(() => workspace.remove());

function detected(files: Readonly<Record<string, string>>) {
  for (const [name, content] of Object.entries(files)) workspace.file(name, content);
  return detectLanguage(workspace.path);
}

const TYPESCRIPT = '{ "dependencies": { "@temporalio/workflow": "1.24.0" } }';

describe('the language is that of the Temporal SDK which a manifest names', () => {
  test.each([
    ['typescript', 'package.json', TYPESCRIPT],
    ['python', 'pyproject.toml', '[project]\ndependencies = ["temporalio>=1.7,<2"]'],
    ['python', 'requirements.txt', 'temporalio==1.35.0\n'],
    ['python', 'requirements-dev.in', '# pinned\ntemporalio[opentelemetry]\n'],
    ['python', 'uv.lock', '[[package]]\nname = "temporalio"\n'],
    ['python', 'Pipfile', '[packages]\ntemporalio = "*"'],
    ['go', 'go.mod', 'module orders\n\nrequire go.temporal.io/sdk v1.50.0\n'],
    ['java', 'pom.xml', '<groupId>io.temporal</groupId>'],
    ['java', 'build.gradle', "implementation 'io.temporal:temporal-sdk:1.38.0'"],
    ['java', 'build.gradle.kts', 'implementation("io.temporal:temporal-sdk:1.38.0")'],
  ])('%s: %s', (name, file, content) => {
    expect(detected({ [file]: content })).toEqual({
      name,
      because: `${file} names its Temporal SDK`,
    });
  });
});

test('a manifest that names the SDK outweighs one that is merely there', () => {
  expect(
    detected({
      'package.json': '{ "devDependencies": { "prettier": "3.0.0" } }',
      'go.mod': 'module orders\nrequire go.temporal.io/sdk v1.50.0\n',
    }),
  ).toMatchObject({ name: 'go' });
});

test('a manifest without the SDK is enough where it is the only one: a monorepo may hoist it', () => {
  expect(detected({ 'package.json': '{}' })).toEqual({
    name: 'typescript',
    because: 'package.json is there',
  });
});

test('several manifests of one language are one application', () => {
  expect(
    detected({
      'pyproject.toml': 'dependencies = ["temporalio"]',
      'uv.lock': 'name = "temporalio"',
    }),
  ).toMatchObject({ name: 'python' });
});

test.each([
  ['a package of the TypeScript SDK', 'requirements.txt', '# see @temporalio/worker\n'],
  ['a name that only contains it', 'requirements.txt', 'my-temporalio\ntemporalio-extras\n'],
  ['another module', 'go.mod', 'module go.temporal.io/sdkless'],
])('%s is not the SDK of that language', (_, file, content) => {
  expect(detected({ [file]: content })).toMatchObject({ because: `${file} is there` });
});

test('two languages are not decided between, and the message names both', () => {
  const answer = detected({
    'package.json': TYPESCRIPT,
    'requirements.txt': 'temporalio',
  });
  expect(answer).toMatchObject({
    found: expect.stringMatching(/package\.json \(typescript\), requirements\.txt \(python\)/u),
    fix: expect.stringMatching(/set language to one of typescript, python, go, java, command/u),
  });
});

test('neither is nothing', () => {
  workspace.folder('package.json');
  expect(detectLanguage(workspace.path)).toMatchObject({
    found: expect.stringContaining('holds no package.json'),
  });
});

test('a manifest that is no file, or far too large, is not read', () => {
  workspace.folder('go.mod');
  expect(detected({ 'package.json': `"@temporalio/x"${' '.repeat(5 * 1024 * 1024)}` })).toEqual({
    name: 'typescript',
    because: 'package.json is there',
  });
});
