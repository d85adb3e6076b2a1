import { expect, test } from '@jest/globals';
import { runGate } from '../../src/gate/gate.js';
import { readSubject, recheckSubject } from '../../src/github/subject.js';
import { anExecution } from '../builders/executions.js';
import { aCommitContext } from '../builders/github-context.js';
import {
  aSubject,
  aVersionSetTarget,
  COMMIT,
  FakeParts,
  gateSettings,
} from '../builders/gate-parts.js';

test('a build ID of the input is claimed, whatever the title says', async () => {
  const parts = new FakeParts([anExecution()]);
  parts.readSubject = () => Promise.resolve(aSubject({ title: '[Compatible v7' }));
  const report = await runGate(gateSettings({ buildId: 'v1.1' }), parts);
  expect(report).toMatchObject({
    claim: { kind: 'claimed', buildId: 'v1.1', from: 'build-id' },
    verdict: { kind: 'compatible' },
  });
});

test('"current" becomes the build that it is', async () => {
  const parts = new FakeParts([anExecution()]);
  parts.resolveTarget = () =>
    Promise.resolve({ kind: 'found', target: aVersionSetTarget({ buildId: 'v1.1' }) });
  const report = await runGate(gateSettings({ buildId: 'current' }), parts);
  expect(report.claim).toEqual({
    kind: 'claimed',
    buildId: 'v1.1',
    from: 'build-id',
    isCurrent: true,
  });
});

test('an event without a pull request needs no title when a build ID is given', async () => {
  const source = {
    context: aCommitContext('push', [COMMIT]),
    title: undefined,
    claimsBuildId: true,
    token: undefined,
    commit: COMMIT,
    signal: new AbortController().signal,
  };
  const subject = await readSubject(source);
  expect(subject).toEqual({ title: '', commit: COMMIT, acceptedCommits: [COMMIT] });
  await expect(recheckSubject(source, subject)).resolves.toBeUndefined();
  await expect(readSubject({ ...source, claimsBuildId: false })).rejects.toThrow(
    /brings no pull request/u,
  );
});
