import { expect, it, jest } from '@jest/globals';
import { reviewDrift, type DriftRecord } from '../../src/diagnosis/drift.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { canRun, required } from '../../testing/toolchain.js';
import { fixtureNames } from '../fixtures/histories.js';
import { commandsGoWorkspace, goHistory, LAST_TIMER_OF_1_26 } from './go-application.js';
import { GoReplayer } from './go-replayer.js';

jest.setTimeout(900_000);

/** Kinds of command whose contents are told, of those that both releases' histories hold. */
const TELLING = [
  'CompleteWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
  'FailWorkflowExecution',
  'RequestCancelExternalWorkflowExecution',
  'ScheduleActivityTask',
  'SignalExternalWorkflowExecution',
  'StartChildWorkflowExecution',
  'StartTimer',
  'UpsertWorkflowSearchAttributes',
];

/** Code that nobody changed drifts nowhere: what servers and SDKs fill in is no difference. */
for (const { version, files } of [
  { version: GO_SDKS.newest, files: {} },
  { version: GO_SDKS.oldest, files: LAST_TIMER_OF_1_26 },
]) {
  const found = await findGoSdk(version);
  (canRun(found) ? it : it.skip)(`unchanged code of Go SDK ${version} shows no drift`, async () => {
    const set = `commands-go-${version}`;
    const workspace = await commandsGoWorkspace(required(found), { files });
    const replayer = await GoReplayer.start(workspace.application);
    const records: DriftRecord[] = [];
    for (const name of fixtureNames(set)) {
      const { read } = goHistory(name, undefined, set);
      const result = await replayer.replay({ read }, true);
      expect({ name, ...result }).toMatchObject({ outcome: 'passed' });
      records.push({ execution: read.execution, history: read.history.bytes, result });
    }
    await replayer.stop();
    await workspace.remove();
    const commands = records.flatMap(({ result }) => result.commands ?? []);
    const telling = commands.filter(({ carries }) => carries !== undefined);
    expect([...new Set(telling.map(({ command }) => command))].sort()).toEqual(
      expect.arrayContaining(TELLING),
    );
    expect(reviewDrift(records, { locate: () => undefined })).toEqual({
      differences: [],
      undecoded: [],
    });
  });
}
