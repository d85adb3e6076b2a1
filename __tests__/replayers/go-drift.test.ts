/** @tier middle */
import { expect, jest } from '@jest/globals';
import type { DriftRecord } from '../../src/diagnosis/drift.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { required } from '../../testing/toolchain.js';
import { fixtureNames } from '../fixtures/histories.js';
import { kindsThatTell, review, TELLING, toldIn } from './drift-in-histories.js';
import { commandsGoWorkspace, goHistory, LAST_TIMER_OF_1_26 } from './go-application.js';
import { GoReplayer, type GoReplayerOptions } from './go-replayer.js';

jest.setTimeout(900_000);

type WorkspaceOptions = Parameters<typeof commandsGoWorkspace>[1];

/** All histories of a release, recorded on code that may be another one than theirs. */
async function recorded(
  version: string,
  edits: WorkspaceOptions,
  options: GoReplayerOptions = {},
): Promise<DriftRecord[]> {
  const set = `commands-go-${version}`;
  const workspace = await commandsGoWorkspace(required(await findGoSdk(version)), edits);
  const replayer = await GoReplayer.start(workspace.application, options);
  const records: DriftRecord[] = [];
  for (const name of fixtureNames(set)) {
    const { read } = goHistory(name, undefined, set);
    const result = await replayer.replay({ read }, true);
    expect({ name, ...result }).toMatchObject({ outcome: 'passed' });
    records.push({ execution: read.execution, history: read.history.bytes, result });
  }
  await replayer.stop();
  await workspace.remove();
  return records;
}

/** What servers and SDKs fill in is no difference. */
for (const { version, files } of [
  { version: GO_SDKS.newest, files: {} },
  { version: GO_SDKS.oldest, files: LAST_TIMER_OF_1_26 },
]) {
  const found = await findGoSdk(version);
  skipUnless(found).it(`unchanged code of Go SDK ${version} shows no drift`, async () => {
    const records = await recorded(version, { files });
    expect(kindsThatTell(records)).toEqual(
      expect.arrayContaining([...TELLING, 'ModifyWorkflowProperties']),
    );
    expect(review(records)).toEqual({ differences: [], undecoded: [] });
  });
}

const newest = await findGoSdk(GO_SDKS.newest);
const whenThere = skipUnless(newest).it;

whenThere('what commands of Go code carry otherwise than history holds is told', async () => {
  const records = await recorded(GO_SDKS.newest, {
    edits: [
      [
        'StartToCloseTimeout: 10 * time.Second}',
        'StartToCloseTimeout: time.Minute, HeartbeatTimeout: 5 * time.Second, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 3}}',
      ],
      ['Greet, "one")', 'Greet, "two")'],
      [
        'workflow.NewTimer(ctx, 20*time.Millisecond)',
        'workflow.NewTimer(ctx, 25*time.Millisecond)',
      ],
      ['customer.ValueSet("typed")', 'customer.ValueSet("another")'],
      ['map[string]any{"note": "later"}', 'map[string]any{"note": "sooner"}'],
      [
        'second := workflow.ExecuteChildWorkflow(canceled, Child)',
        'second := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(canceled, workflow.ChildWorkflowOptions{ParentClosePolicy: 2, Memo: map[string]any{"a": 1}}), Child)',
      ],
      ['"go", "external"', '"go", "elsewhere"'],
      ['count += more', 'count += more + 1'],
      [
        'NewContinueAsNewError(ctx, Continued, runs-1)',
        'NewContinueAsNewError(ctx, Continued, runs-2)',
      ],
      ['errors.New("no luck")', 'errors.New("bad luck")'],
    ],
  });
  expect(toldIn(records)).toEqual(
    [
      'activity File: heartbeatTimeout, not set became 5 s',
      'activity File: retryPolicy.maximumAttempts, not set became 3',
      'activity File: startToCloseTimeout, 10 s became 1 m',
      'activity Hang: heartbeatTimeout, not set became 5 s',
      'activity Hang: retryPolicy.maximumAttempts, not set became 3',
      'activity Hang: startToCloseTimeout, 10 s became 1 m',
      'activity greet: argument 1',
      'activity greet: heartbeatTimeout, not set became 5 s',
      'activity greet: retryPolicy.maximumAttempts, not set became 3',
      'activity greet: startToCloseTimeout, 10 s became 1 m',
      'a timer: startToFireTimeout, 20 ms became 25 ms',
      "an update's completion: result",
      'an upsert of search attributes: search attribute Customer',
      'an upsert of the memo: memo note',
      'child workflow Child: memo a',
      'child workflow Child: parentClosePolicy, TERMINATE became ABANDON',
      'continue-as-new of Continued: argument 1',
      'signal go to another workflow: argument 1',
      // The update adds more, so its workflow ends earlier.
      "the workflow's completion",
      "the workflow's failure: failure message",
    ].sort(),
  );
});

/** Each payload is another one each time, as of a codec that encrypts. */
const CODEC = `package workflows

import (
	"crypto/rand"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/proto"
)

type sealing struct{}

func (sealing) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	sealed := make([]*commonpb.Payload, len(payloads))
	for index, payload := range payloads {
		data, err := proto.Marshal(payload)
		if err != nil {
			return nil, err
		}
		salt := make([]byte, 8)
		_, _ = rand.Read(salt)
		sealed[index] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte("binary/sealed")},
			Data:     append(salt, data...),
		}
	}
	return sealed, nil
}

func (sealing) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	opened := make([]*commonpb.Payload, len(payloads))
	for index, payload := range payloads {
		opened[index] = payload
		if string(payload.GetMetadata()[converter.MetadataEncoding]) != "binary/sealed" {
			continue
		}
		opened[index] = &commonpb.Payload{}
		if err := proto.Unmarshal(payload.Data[8:], opened[index]); err != nil {
			return nil, err
		}
	}
	return opened, nil
}

func ReplayerOptions() worker.WorkflowReplayerOptions {
	return worker.WorkflowReplayerOptions{
		DataConverter: converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), sealing{}),
	}
}
`;

whenThere('payloads are compared as they were before the codec of Go code', async () => {
  const records = await recorded(
    GO_SDKS.newest,
    { files: { 'workflows/codec.go': CODEC }, edits: [['Greet, "one")', 'Greet, "two")']] },
    { workflows: './workflows#Register,ReplayerOptions' },
  );
  expect(kindsThatTell(records)).toEqual(
    expect.arrayContaining([...TELLING, 'ModifyWorkflowProperties']),
  );
  expect(toldIn(records)).toEqual(['activity greet: argument 1']);
});
