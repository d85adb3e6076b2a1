package replaygate

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"go.temporal.io/sdk/workflow"
)

// run collects what happens while one history is replayed.
type run struct {
	// recording and contents are nil unless the parent asks for them.
	recording *recording
	contents  *contents
	// watch is nil unless the replay explains another.
	watch *watch
	// failure is nil unless the replay decodes what the application's converter encodes.
	failure *keptFailure

	mutex     sync.Mutex
	panicText string
	panicAt   place
	// panicLength is the event ID of the start of the workflow task that panicked.
	panicLength int
	// end is the command with which the code ended the workflow, or empty.
	end string
	// began is true once the SDK has made the workflow, and entered once it has called its function.
	began, entered bool
}

// isInputUndecodable tells what the SDK's answer does not. Between the two, the SDK only decodes the input. Where it
// cannot, it fails the workflow without running any of its code.
func (r *run) isInputUndecodable() bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.began && !r.entered
}

func (r *run) note(what *bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	*what = true
}

func (r *run) noteEnd(err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.end = endingOf(err)
}

// endsAs is the command with which the workflow ended, or empty where it goes on. What ends before the code is
// called, the SDK has ended as failed.
func (r *run) endsAs() string {
	if r.isInputUndecodable() {
		return "FailWorkflowExecution"
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.end
}

func (r *run) thrown() (string, place) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.panicText, r.panicAt
}

func (r *run) panicTask() int {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.panicLength
}

// notePanic is deferred around code of the application. It notes where that panicked, and lets the panic go on. It
// runs on the panicking stack, so the innermost line of the application is the one that panicked.
func (r *run) notePanic(info *workflow.Info) {
	thrown := recover()
	if thrown == nil {
		return
	}
	at, _ := currentPlace()
	r.mutex.Lock()
	if r.panicText == "" {
		r.panicText, r.panicAt, r.panicLength = fmt.Sprint(thrown), at, info.GetCurrentHistoryLength()
	}
	r.mutex.Unlock()
	panic(thrown)
}

// guard is the outermost interceptor: it notes panics, and how the workflow ended.
type guard struct {
	WorkerInterceptorBase
	run *run
}

func (g *guard) InterceptWorkflow(ctx workflow.Context, next WorkflowInboundInterceptor) WorkflowInboundInterceptor {
	g.run.note(&g.run.began)
	return &guardInbound{WorkflowInboundInterceptorBase: WorkflowInboundInterceptorBase{Next: next}, run: g.run}
}

type guardInbound struct {
	WorkflowInboundInterceptorBase
	run *run
}

func (g *guardInbound) Init(outbound WorkflowOutboundInterceptor) error {
	return g.Next.Init(&guardOutbound{WorkflowOutboundInterceptorBase: WorkflowOutboundInterceptorBase{Next: outbound}, run: g.run})
}

func (g *guardInbound) ExecuteWorkflow(ctx workflow.Context, in *ExecuteWorkflowInput) (any, error) {
	g.run.note(&g.run.entered)
	info := workflow.GetInfo(ctx)
	if g.run.watch != nil {
		g.run.watch.began(info)
	}
	defer g.run.notePanic(info)
	result, err := g.Next.ExecuteWorkflow(ctx, in)
	g.run.noteEnd(err)
	if g.run.recording != nil {
		g.run.recording.ending(info, err, g.run.contents.end(ctx, result, err))
	}
	return result, err
}

func (g *guardInbound) ExecuteUpdate(ctx workflow.Context, in *UpdateInput) (any, error) {
	info := workflow.GetInfo(ctx)
	defer g.run.notePanic(info)
	if g.run.recording == nil {
		return g.Next.ExecuteUpdate(ctx, in)
	}
	g.run.recording.update(info, in.Name, "accepted", nil)
	result, err := g.Next.ExecuteUpdate(ctx, in)
	g.run.recording.update(info, in.Name, "completed", g.run.contents.updateResult(ctx, result, err))
	return result, err
}

type guardOutbound struct {
	WorkflowOutboundInterceptorBase
	run *run
}

func (g *guardOutbound) Go(ctx workflow.Context, name string, f func(ctx workflow.Context)) workflow.Context {
	return g.Next.Go(ctx, name, func(ctx workflow.Context) {
		defer g.run.notePanic(workflow.GetInfo(ctx))
		f(ctx)
	})
}

// endingOf is the command with which the SDK ends a workflow that returns this error.
func endingOf(err error) string {
	var continueAsNew *workflow.ContinueAsNewError
	switch {
	case err == nil:
		return "CompleteWorkflowExecution"
	case errors.As(err, &continueAsNew):
		return "ContinueAsNewWorkflowExecution"
	case isCanceled(err):
		return "CancelWorkflowExecution"
	}
	return "FailWorkflowExecution"
}

// isCanceled is true for errors for which the SDK ends a workflow as cancelled. It compares types at run time, because
// a vendored application need not have the package of that type.
func isCanceled(err error) bool {
	canceled := reflect.TypeOf(workflow.ErrCanceled)
	for ; err != nil; err = errors.Unwrap(err) {
		if reflect.TypeOf(err) == canceled {
			return true
		}
	}
	return false
}
