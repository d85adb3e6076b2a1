package replaygate

import "go.temporal.io/sdk/workflow"

// watchedContext goes to the SDK with one command. When the context is cancelled, the SDK reads it before it cancels
// the command, on the stack of the code that cancels. No interceptor sees that.
type watchedContext struct {
	workflow.Context
	recording *recording
	info      *workflow.Info
	future    workflow.Future
	command   *command
	cancels   string
	wasTold   bool
}

func (r *recorderOutbound) watch(ctx workflow.Context, cancels string) *watchedContext {
	return &watchedContext{Context: ctx, recording: r.recording, info: workflow.GetInfo(ctx), cancels: cancels}
}

// issued is called when the SDK has taken the command. A command with a result at once was refused, and is never
// sent. Timers and activities are the exception: where the context was cancelled before, they are sent together with
// their cancellation.
func (w *watchedContext) issued(future workflow.Future, kind, name, id string, carried func() *carries) {
	wasCanceled := w.Context.Err() != nil
	if future.IsReady() {
		isSent := kind == "StartTimer" || kind == "ScheduleActivityTask"
		if !wasCanceled || !isSent || !isCanceled(future.Get(w.Context, nil)) {
			return
		}
	}
	var told *carries
	if carried != nil {
		told = carried()
	}
	w.command = w.recording.add(w.Context, kind, name, id, told)
	w.future = future
	if wasCanceled {
		w.tell()
	}
}

func (w *watchedContext) Value(key any) any {
	if w.command != nil && !w.future.IsReady() && w.Context.Err() != nil {
		w.tell()
	}
	return w.Context.Value(key)
}

func (w *watchedContext) tell() {
	if w.wasTold {
		return
	}
	w.wasTold = true
	w.recording.cancel(w.info, w.command, w.cancels)
}
