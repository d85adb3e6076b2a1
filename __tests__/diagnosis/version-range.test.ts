import { afterAll, describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { versionLeft } from '../../src/temporal/version-range.js';
import { EventHistory } from '../builders/event-history.js';
import { aFailure } from '../builders/failures.js';
import { IssuedCommands } from '../builders/recorded-commands.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { temporalReader } from '../../src/temporal/reader.js';

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());

// As the Go SDK 1.50 and the Java SDK 1.38 put it.
const TOO_OLD =
  '[TMPRL1100] Workflow code removed support of version -1. for "charge-later" changeID. The oldest supported version is 1';
const TOO_NEW =
  '[TMPRL1100] Workflow code is too old to support version 3 for "charge-later" changeID. The maximum supported version is 2';
const IN_JAVA =
  'Version 1 of changeId charge-later is not supported. Supported v is between 2 and 3.';

test.each([
  [TOO_OLD, { id: 'charge-later', version: -1 }],
  [TOO_NEW, { id: 'charge-later', version: 3 }],
  [IN_JAVA, { id: 'charge-later', version: 1 }],
  ['panic: the version is not supported', undefined],
])('reads of %s', (message, left) => {
  expect(versionLeft(message)).toEqual(left);
});

describe('a version that the code no longer takes', () => {
  const failure = aFailure({
    message: TOO_OLD,
    recorded: { history: new EventHistory().task().timer(), commands: new IssuedCommands() },
  });
  const { recorded } = failure;
  if (recorded === undefined) throw new Error('it is not recorded');
  const patches = [
    { id: 'charge-later', answer: false, file: workspace.file('order.go'), line: 7 },
    { id: 'another', answer: false, file: workspace.at('order.go'), line: 9 },
  ];
  const asked = { ...failure, recorded: { ...recorded, result: { ...recorded.result, patches } } };
  const [finding] = diagnose([asked], { workspace: workspace.path }, temporalReader, 'go');

  test('is told where the code asks for it, in words of what to keep', () => {
    expect(finding).toMatchObject({
      cause: 'version-range-left',
      divergence: { kind: 'threw', location: { file: 'order.go', line: 7 } },
      headline: expect.stringContaining('removed support of version -1'),
      remedy: expect.stringMatching(/^Keep version -1 of charge-later in the range/u),
    });
  });
});
