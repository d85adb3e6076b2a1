package replaygate

import (
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"
)

// recorder is the innermost interceptor: it notes each command with the line that issues it.
type recorder struct {
	WorkerInterceptorBase
	recording *recording
	contents  *contents
}

func (r *recorder) InterceptWorkflow(ctx workflow.Context, next WorkflowInboundInterceptor) WorkflowInboundInterceptor {
	return &recorderInbound{
		WorkflowInboundInterceptorBase: WorkflowInboundInterceptorBase{Next: next},
		recording:                      r.recording,
		contents:                       r.contents,
	}
}

type recorderInbound struct {
	WorkflowInboundInterceptorBase
	recording *recording
	contents  *contents
}

func (r *recorderInbound) Init(outbound WorkflowOutboundInterceptor) error {
	return r.Next.Init(&recorderOutbound{
		WorkflowOutboundInterceptorBase: WorkflowOutboundInterceptorBase{Next: outbound},
		recording:                       r.recording,
		contents:                        r.contents,
	})
}

func (r *recorderInbound) HandleSignal(ctx workflow.Context, in *HandleSignalInput) error {
	r.recording.signaled(in.SignalName)
	return r.Next.HandleSignal(ctx, in)
}

type recorderOutbound struct {
	WorkflowOutboundInterceptorBase
	recording *recording
	contents  *contents
}

func (r *recorderOutbound) ExecuteActivity(ctx workflow.Context, activityType string, args ...any) workflow.Future {
	watched := r.watch(ctx, "RequestCancelActivityTask")
	future := r.Next.ExecuteActivity(watched, activityType, args...)
	watched.issued(future, "ScheduleActivityTask", activityType, workflow.GetActivityOptions(ctx).ActivityID, func() *carries {
		return r.contents.activity(ctx, args)
	})
	return future
}

func (r *recorderOutbound) ExecuteLocalActivity(ctx workflow.Context, activityType string, args ...any) workflow.Future {
	future := r.Next.ExecuteLocalActivity(ctx, activityType, args...)
	if !future.IsReady() {
		r.recording.add(ctx, "ScheduleLocalActivity", activityType, "", nil)
	}
	return future
}

func (r *recorderOutbound) ExecuteChildWorkflow(ctx workflow.Context, childWorkflowType string, args ...any) workflow.ChildWorkflowFuture {
	watched := r.watch(ctx, "CancelChildWorkflowExecution")
	future := r.Next.ExecuteChildWorkflow(watched, childWorkflowType, args...)
	watched.issued(future, "StartChildWorkflowExecution", childWorkflowType, workflow.GetChildWorkflowOptions(ctx).WorkflowID, func() *carries {
		return r.contents.child(ctx, args)
	})
	return future
}

// Sleep and AwaitWithTimeout also call NewTimer.
func (r *recorderOutbound) NewTimer(ctx workflow.Context, d time.Duration) workflow.Future {
	watched := r.watch(ctx, "CancelTimer")
	future := r.Next.NewTimer(watched, d)
	watched.issued(future, "StartTimer", "", "", func() *carries { return r.contents.timer(ctx, d) })
	return future
}

func (r *recorderOutbound) RequestCancelExternalWorkflow(ctx workflow.Context, workflowID, runID string) workflow.Future {
	future := r.Next.RequestCancelExternalWorkflow(ctx, workflowID, runID)
	if !future.IsReady() {
		r.recording.add(ctx, "RequestCancelExternalWorkflowExecution", "", "", r.contents.cancellation(ctx, workflowID))
	}
	return future
}

func (r *recorderOutbound) SignalExternalWorkflow(ctx workflow.Context, workflowID, runID, signalName string, arg any) workflow.Future {
	future := r.Next.SignalExternalWorkflow(ctx, workflowID, runID, signalName, arg)
	if !future.IsReady() {
		r.recording.add(ctx, "SignalExternalWorkflowExecution", signalName, "", r.contents.signal(ctx, workflowID, arg))
	}
	return future
}

func (r *recorderOutbound) SignalChildWorkflow(ctx workflow.Context, workflowID, signalName string, arg any) workflow.Future {
	future := r.Next.SignalChildWorkflow(ctx, workflowID, signalName, arg)
	if !future.IsReady() {
		r.recording.add(ctx, "SignalExternalWorkflowExecution", signalName, "", r.contents.signal(ctx, workflowID, arg))
	}
	return future
}

func (r *recorderOutbound) UpsertSearchAttributes(ctx workflow.Context, attributes map[string]any) error {
	err := r.Next.UpsertSearchAttributes(ctx, attributes)
	if err == nil {
		carried := r.contents.upsertedSearchAttributes(ctx, attributes)
		r.recording.add(ctx, "UpsertWorkflowSearchAttributes", "", "", carried)
	}
	return err
}

func (r *recorderOutbound) UpsertMemo(ctx workflow.Context, memo map[string]any) error {
	err := r.Next.UpsertMemo(ctx, memo)
	if err == nil {
		r.recording.add(ctx, "ModifyWorkflowProperties", "", "", r.contents.upsertedMemo(ctx, memo))
	}
	return err
}

func (r *recorderOutbound) GetSignalChannel(ctx workflow.Context, signalName string) workflow.ReceiveChannel {
	r.recording.handles("signal", signalName)
	return r.Next.GetSignalChannel(ctx, signalName)
}

func (r *recorderOutbound) SetUpdateHandler(ctx workflow.Context, name string, handler any, options workflow.UpdateHandlerOptions) error {
	r.recording.handles("update", name)
	return r.Next.SetUpdateHandler(ctx, name, handler, options)
}

// SideEffect is noted before it runs, because the SDK panics in it where history has no such marker.
func (r *recorderOutbound) SideEffect(ctx workflow.Context, f func(ctx workflow.Context) any) converter.EncodedValue {
	r.recording.add(ctx, "RecordMarker", "SideEffect", "", nil)
	return r.Next.SideEffect(ctx, f)
}

func (r *recorderOutbound) MutableSideEffect(ctx workflow.Context, id string, f func(ctx workflow.Context) any, equals func(a, b any) bool) converter.EncodedValue {
	r.mutableSideEffect(ctx, id)
	return r.Next.MutableSideEffect(ctx, id, f, equals)
}

// mutableSideEffect is noted at each call. A call writes a marker only where the value has changed.
func (r *recorderOutbound) mutableSideEffect(ctx workflow.Context, id string) {
	r.recording.add(ctx, "RecordMarker", "MutableSideEffect "+id, "", nil)
}

func (r *recorderOutbound) GetVersion(ctx workflow.Context, changeID string, minSupported, maxSupported workflow.Version) workflow.Version {
	return r.version(ctx, changeID, minSupported, func() workflow.Version {
		return r.Next.GetVersion(ctx, changeID, minSupported, maxSupported)
	})
}

func (r *recorderOutbound) version(ctx workflow.Context, changeID string, minSupported workflow.Version, ask func() workflow.Version) workflow.Version {
	version := workflow.DefaultVersion
	// Also when the SDK panics because the code no longer supports the version in history.
	defer func() { r.recording.version(ctx, changeID, version, minSupported) }()
	version = ask()
	return version
}

func (r *recorderOutbound) Await(ctx workflow.Context, condition func() bool) error {
	// Not deferred, because a wait that the closing of the workflow ends has not come to its end.
	done := r.recording.waiting(ctx)
	err := r.Next.Await(ctx, condition)
	done()
	return err
}

func (r *recorderOutbound) AwaitWithTimeout(ctx workflow.Context, timeout time.Duration, condition func() bool) (bool, error) {
	done := r.recording.waiting(ctx)
	ok, err := r.Next.AwaitWithTimeout(ctx, timeout, condition)
	done()
	return ok, err
}

func (r *recorderOutbound) NewContinueAsNewError(ctx workflow.Context, wfn any, args ...any) error {
	r.recording.continuing()
	return r.Next.NewContinueAsNewError(ctx, wfn, args...)
}
