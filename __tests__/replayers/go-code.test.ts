/** @tier middle */
import { afterAll, afterEach, beforeAll, describe, expect, jest } from '@jest/globals';
import { replayRequest } from '../../src/replay/replay-histories.js';
import { HistoryMessage } from '../../src/temporal/history/proto.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { skipUnless } from '../../testing/skip-unless.js';
import type { Workspace } from '../../testing/workspace.js';
import { withEvents, type Fixture } from '../fixtures/histories.js';
import { commandsGoWorkspace, goHistory } from './go-application.js';
import { GoReplayer } from './go-replayer.js';
import { sourceLine } from './source-line.js';

jest.setTimeout(900_000);

const sdk = await findGoSdk(GO_SDKS.newest);
const whenThere = skipUnless(sdk).it;

const FILE = 'workflows/broken.go';

const BROKEN = `package workflows

import (
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const forged = "{\\"type\\":\\"result\\",\\"id\\":\\"forged\\",\\"outcome\\":\\"passed\\"}\\n"

func init() {
	fmt.Print(forged)
	if read, _ := io.ReadAll(os.Stdin); len(read) > 0 {
		panic("it has read the protocol")
	}
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		for {
			_, _ = server.Accept()
		}
	}()
	go func() {
		for range time.Tick(time.Millisecond) {
			fmt.Print(forged)
		}
	}()
}

func RegisterBroken(registry worker.WorkflowRegistry) error {
	registry.RegisterWorkflow(PanicsBelow)
	registry.RegisterWorkflow(PanicsInGoroutine)
	registry.RegisterWorkflow(PanicsOutside)
	registry.RegisterWorkflow(Exits)
	registry.RegisterWorkflow(Loops)
	registry.RegisterWorkflow(Prints)
	registry.RegisterWorkflow(NeedsVersion)
	registry.RegisterWorkflow(Forges)
	registry.RegisterWorkflow(TakesText)
	registry.RegisterWorkflow(Timers)
	registry.RegisterWorkflow(Continued)
	return nil
}

func PanicsBelow(ctx workflow.Context) error {
	pay(nil)
	return nil
}

func pay(amounts []int) int {
	return amounts[3] // no such amount
}

func PanicsInGoroutine(ctx workflow.Context) error {
	workflow.Go(ctx, func(workflow.Context) {
		panic("in a goroutine of the workflow")
	})
	return workflow.Sleep(ctx, time.Hour)
}

func PanicsOutside(ctx workflow.Context) error {
	go func() {
		panic("in a goroutine that nobody knows")
	}()
	time.Sleep(time.Minute)
	return nil
}

func Exits(workflow.Context) error {
	os.Exit(0)
	return nil
}

func Loops(workflow.Context) error {
	for {
	}
}

func Prints(ctx workflow.Context) error {
	fmt.Print(forged)
	fmt.Fprint(os.Stderr, forged)
	_, _ = os.Stdin.Read(make([]byte, 100))
	return Timers(ctx)
}

func NeedsVersion(ctx workflow.Context) error {
	workflow.GetVersion(ctx, "payment", 1, 2)
	return Timers(ctx)
}

func TakesText(ctx workflow.Context, _ string) error { return Timers(ctx) }

func Forges(workflow.Context) error {
	_, _ = syscall.Write(3, []byte(forged))
	return nil
}
`;

/** Its first argument is of an encoding that only the application's own converter knows. */
function encrypted(fixture: Fixture): Fixture {
  return withEvents(fixture, (events) => {
    const [payload] = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    if (payload?.metadata == null) throw new Error('the history has no argument');
    payload.metadata['encoding'] = Buffer.from('binary/encrypted');
    return events;
  });
}

describe('workflow code in Go that goes wrong', () => {
  let workspace: Workspace;
  let first: GoReplayer;
  const others: GoReplayer[] = [];

  const options = { workflows: './workflows#RegisterBroken' };
  beforeAll(async () => {
    if (!sdk.available) return;
    workspace = await commandsGoWorkspace(sdk, { files: { [FILE]: BROKEN } });
    first = await GoReplayer.start(workspace.application, options);
  });
  afterEach(async () => {
    for (const replayer of others.splice(0)) await replayer.stop();
  });
  afterAll(async () => {
    if (!sdk.available) return;
    await first.stop();
    await workspace.remove();
  });

  /** One whose process may end. */
  async function another(): Promise<GoReplayer> {
    const started = await GoReplayer.start(workspace.application, {
      ...options,
      scratch: first.scratch,
    });
    others.push(started);
    return started;
  }

  whenThere.each([
    ['PanicsBelow', /index out of range \[3\] with length 0/u, 'no such amount'],
    ['PanicsInGoroutine', /in a goroutine of the workflow/u, 'panic("in a goroutine of the'],
  ])('fails its task, at a line: %s', async (workflowType, message, line) => {
    const result = await first.replay(goHistory('Timers', workflowType));
    expect(result).toMatchObject({
      outcome: 'task-failed',
      ...sourceLine(workspace.application, FILE, line),
    });
    expect(result.message).toMatch(message);
  });

  whenThere('fails its task when the type is not registered', async () => {
    const result = await first.replay(goHistory('Timers', 'Vanished'));
    expect(result.outcome).toBe('task-failed');
    expect(result.message).toMatch(/^unable to find workflow type: Vanished\. Supported types: /u);
  });

  whenThere('fails its task when its argument is no longer decoded to what it takes', async () => {
    const result = await first.replay(goHistory('Continued', 'TakesText'), true);
    expect(result).toMatchObject({
      outcome: 'task-failed',
      commands: [],
      message:
        'the code cannot decode argument 1 of the workflow: cannot unmarshal number into Go value of type string',
      undecoded: [
        {
          of: 'workflow',
          argument: 1,
          ...sourceLine(workspace.application, FILE, 'func TakesText'),
        },
      ],
    });
  });

  whenThere('passes where that argument ended the execution before', async () => {
    const fixture = goHistory('Continued', 'TakesText');
    const history = HistoryMessage.decode(fixture.read.history.bytes);
    const task = history.events.slice(0, 4);
    const failed = HistoryMessage.fromObject({
      events: [
        {
          eventId: 5,
          eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_FAILED',
          workflowExecutionFailedEventAttributes: { workflowTaskCompletedEventId: 4 },
        },
      ],
    });
    const bytes = HistoryMessage.encode({ events: [...task, ...failed.events] }).finish();
    const read = { ...fixture.read, history: { ...fixture.read.history, bytes } };
    expect(await first.replay({ ...fixture, read })).toMatchObject({ outcome: 'passed' });
  });

  whenThere('differs when history has no version that it still supports', async () => {
    const history = goHistory('Timers', 'NeedsVersion');
    const result = await first.replay(history, true);
    expect(result.outcome).toBe('nondeterministic');
    expect(result.message).toMatch(/removed support of version/u);
    expect(result.patches).toEqual([
      {
        id: 'payment',
        answer: false,
        deprecated: true,
        ...sourceLine(workspace.application, FILE, '"payment"'),
      },
    ]);
  });

  whenThere('cannot print or read itself into the protocol', async () => {
    expect(await first.replay(goHistory('Timers', 'Prints'))).toMatchObject({ outcome: 'passed' });
    expect(await first.replay(goHistory('Timers'))).toMatchObject({ outcome: 'passed' });
  });

  whenThere('is caught when it writes into the channel on purpose', async () => {
    const { process } = await another();
    const { read } = goHistory('Timers', 'Forges');
    expect(await process.replay(replayRequest(read, false), 30_000)).toEqual({
      kind: 'died',
      message: 'it sent a result that nobody asked for',
    });
  });

  whenThere('dies by a panic that the SDK does not catch, with its place', async () => {
    const { process } = await another();
    const { read } = goHistory('Timers', 'PanicsOutside');
    const { file, line } = sourceLine(
      workspace.application,
      FILE,
      'panic("in a goroutine that nobody knows")',
    );
    expect(await process.replay(replayRequest(read, false), 30_000)).toEqual({
      kind: 'died',
      message: `the process ended by a panic: in a goroutine that nobody knows at ${file}:${line}`,
    });
  });

  whenThere('ends with its work, whatever servers and goroutines it has started', async () => {
    const { process } = await another();
    const { read } = goHistory('Timers');
    expect(await process.replay(replayRequest(read, false), 30_000)).toMatchObject({
      result: { outcome: 'passed' },
    });
    expect(await process.endBy('message', 10_000)).toBe(true);
  });

  whenThere('dies when it exits, whatever its code', async () => {
    const { process } = await another();
    const { read } = goHistory('Timers', 'Exits');
    expect(await process.replay(replayRequest(read, false), 30_000)).toMatchObject({
      kind: 'died',
      message: expect.stringMatching(/^it ended with code 0/u),
    });
  });

  whenThere('ends by the limit when it loops', async () => {
    const { process } = await another();
    const { read } = goHistory('Timers', 'Loops');
    expect(await process.replay(replayRequest(read, false), 2_000)).toEqual({ kind: 'timeout' });
  });

  whenThere('is not blamed for payloads that no converter here decodes', async () => {
    const result = await first.replay(encrypted(goHistory('Continued')));
    expect(result).toMatchObject({ outcome: 'errored' });
    expect(result.message).toMatch(
      /^its payloads are encoded as binary\/encrypted, .*DataConverter/u,
    );
  });

  whenThere('harms no later history', async () => {
    expect(await first.replay(goHistory('Timers', 'PanicsBelow'))).toMatchObject({
      outcome: 'task-failed',
    });
    expect(await first.replay(goHistory('Timers'))).toMatchObject({ outcome: 'passed' });
  });
});
