package replaygate

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

func (r *recorderOutbound) NewTimerWithOptions(ctx workflow.Context, d time.Duration, options workflow.TimerOptions) workflow.Future {
	watched := r.watch(ctx, "CancelTimer")
	future := r.Next.NewTimerWithOptions(watched, d, options)
	watched.issued(future, "StartTimer", "", "", func() *carries { return r.contents.timer(ctx, d) })
	return future
}
