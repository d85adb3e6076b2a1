package replaygate

import (
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"
)

func (r *recorderOutbound) SideEffectWithOptions(ctx workflow.Context, options workflow.SideEffectOptions, f func(ctx workflow.Context) any) converter.EncodedValue {
	r.recording.add(ctx, "RecordMarker", "SideEffect", "", nil)
	return r.Next.SideEffectWithOptions(ctx, options, f)
}
