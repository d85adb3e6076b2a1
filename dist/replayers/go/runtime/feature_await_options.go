package replaygate

import "go.temporal.io/sdk/workflow"

func (r *recorderOutbound) AwaitWithOptions(ctx workflow.Context, options workflow.AwaitOptions, condition func() bool) (bool, error) {
	done := r.recording.waiting(ctx)
	ok, err := r.Next.AwaitWithOptions(ctx, options, condition)
	done()
	return ok, err
}
