export const ENDINGS_FILE = 'workflows/endings.go';

/** Workflows that end the replay of another's history in each way that the SDK has. */
export const ENDINGS = `package workflows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

func RegisterEndings(registry worker.Registry) {
	registry.RegisterWorkflow(Idle)
	registry.RegisterWorkflow(Pauses)
	registry.RegisterWorkflow(OtherActivity)
	registry.RegisterWorkflow(OtherLocalActivity)
	registry.RegisterWorkflow(WithoutLocalActivity)
	registry.RegisterWorkflow(TwoSideEffects)
	registry.RegisterWorkflow(WithoutSideEffect)
	registry.RegisterWorkflow(OtherMutableSideEffect)
	registry.RegisterWorkflow(NeedsNewVersion)
	registry.RegisterWorkflow(KnowsNoVersion)
	registry.RegisterWorkflow(Panics)
	registry.RegisterWorkflow(PanicsByResult)
	registry.RegisterWorkflow(Blocks)
	registry.RegisterWorkflow(Timers)
	for name, text := range printed {
		registry.RegisterWorkflowWithOptions(func(workflow.Context) error { panic(text) }, workflow.RegisterOptions{Name: name})
	}
}

// printed are texts in which the SDK prints all that an event, a command or a marker holds.
var printed = map[string]string{
	"missing":  \`[TMPRL1100] nondeterministic workflow: missing replay command for MarkerRecorded: (MarkerName:LocalActivity, Details:map[data:payloads:{metadata:{key:"encoding"  value:"json/plain"}  data:"{\\\\"ReplayTime\\\\":1}"}], WorkflowTaskCompletedEventId:4)\`,
	"extra":    \`[TMPRL1100] nondeterministic workflow: extra replay command for ScheduleActivityTask: (ActivityId:5, ActivityType:(Name:charge), Header:(Fields:map[tenant:payloads:{}]), Input:(Payloads:[len=1]))\`,
	"differs":  \`[TMPRL1100] nondeterministic workflow: history event is ActivityTaskScheduled: (ActivityId:5, ActivityType:(Name:charge), Input:(Payloads:[len=1])), replay command is StartChildWorkflowExecution: (WorkflowId:secret, WorkflowType:(Name:ship), Memo:(Fields:map[a:payloads:{}]))\`,
	"unknown":  \`[TMPRL1100] unable to find activityID for the event: ActivityTaskCanceled: (Details:(Payloads:[len=1]))\`,
	"protocol": \`[TMPRL1100] invalid action "accept" in update protocol {protoInstanceID:secret result:payloads:{}}\`,
}

// EncodesFailures is a worker's that keeps messages out of the server's sight.
func EncodesFailures() worker.WorkflowReplayerOptions {
	return worker.WorkflowReplayerOptions{
		FailureConverter: temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{EncodeCommonAttributes: true}),
	}
}

type propagator struct{}

func (propagator) Inject(context.Context, workflow.HeaderWriter) error { return nil }
func (propagator) Extract(ctx context.Context, _ workflow.HeaderReader) (context.Context, error) {
	return ctx, nil
}
func (propagator) InjectFromWorkflow(workflow.Context, workflow.HeaderWriter) error { return nil }
func (propagator) ExtractToWorkflow(workflow.Context, workflow.HeaderReader) (workflow.Context, error) {
	return nil, errors.New("no tenant")
}

func Propagates() worker.WorkflowReplayerOptions {
	return worker.WorkflowReplayerOptions{ContextPropagators: []workflow.ContextPropagator{propagator{}}}
}

type panicking struct{ converter.DataConverter }

func (panicking) FromPayloads(*commonpb.Payloads, ...any) error { panic("no key") }

func Decodes() worker.WorkflowReplayerOptions {
	return worker.WorkflowReplayerOptions{DataConverter: panicking{converter.GetDefaultDataConverter()}}
}

func Idle(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return false })
}

func Pauses(ctx workflow.Context) error { return workflow.Sleep(ctx, time.Hour) }

func OtherActivity(ctx workflow.Context) error {
	ctx = withActivities(ctx)
	workflow.ExecuteActivity(ctx, clerk.File, "other")
	return workflow.ExecuteActivity(ctx, clerk.File, "other").Get(ctx, nil)
}

func OtherLocalActivity(ctx workflow.Context) error {
	ctx = before(ctx)
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: time.Second})
	return workflow.ExecuteLocalActivity(local, clerk.File, "local").Get(ctx, nil)
}

func WithoutLocalActivity(ctx workflow.Context) error {
	ctx = before(ctx)
	return workflow.ExecuteActivity(ctx, Greet, "two").Get(ctx, nil)
}

// before is what Activities does before its local activity.
func before(ctx workflow.Context) workflow.Context {
	ctx = withActivities(ctx)
	_ = workflow.ExecuteActivity(ctx, Greet, "one").Get(ctx, nil)
	_ = file(ctx)
	canceled, cancel := workflow.WithCancel(ctx)
	hanging := workflow.ExecuteActivity(canceled, clerk.Hang)
	withdrawn, withdraw := workflow.WithCancel(ctx)
	workflow.ExecuteActivity(withdrawn, clerk.File, "never")
	withdraw()
	_ = workflow.Sleep(ctx, 50*time.Millisecond)
	cancel()
	_ = hanging.Get(ctx, nil)
	return ctx
}

func isEqual(a, b any) bool { return a == b }

func five(workflow.Context) any { return 5 }

func TwoSideEffects(ctx workflow.Context) error {
	workflow.SideEffect(ctx, five)
	workflow.SideEffect(ctx, five)
	return nil
}

func WithoutSideEffect(ctx workflow.Context) error {
	ctx = withActivities(ctx)
	workflow.MutableSideEffect(ctx, "limit", five, isEqual)
	named := workflow.GetActivityOptions(ctx)
	named.ActivityID = "7"
	return workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, named), Greet, "side").Get(ctx, nil)
}

func OtherMutableSideEffect(ctx workflow.Context) error {
	workflow.MutableSideEffect(ctx, "other", five, isEqual)
	return nil
}

func NeedsNewVersion(ctx workflow.Context) error {
	workflow.GetVersion(ctx, "greeting", 2, 3)
	return nil
}

func KnowsNoVersion(ctx workflow.Context) error {
	workflow.GetVersion(ctx, "greeting", workflow.DefaultVersion, 0)
	return nil
}

func Panics(ctx workflow.Context) error {
	amounts := strings.Fields("")
	return fmt.Errorf("%s", amounts[3]) // no such amount
}

func PanicsByResult(ctx workflow.Context) error {
	ctx = withActivities(ctx)
	var number int
	if err := workflow.ExecuteActivity(ctx, Greet, "one").Get(ctx, &number); err != nil {
		panic(err)
	}
	return nil
}

func Blocks(ctx workflow.Context) error {
	workflow.Go(ctx, func(workflow.Context) {
		_ = workflow.Sleep(ctx, 2*time.Hour)
	})
	return workflow.Sleep(ctx, time.Hour)
}
`;
