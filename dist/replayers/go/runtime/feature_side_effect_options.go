package replaygate

import (
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"
)

func (r *recorderOutbound) SideEffectWithOptions(ctx workflow.Context, options workflow.SideEffectOptions, f func(ctx workflow.Context) any) converter.EncodedValue {
	r.recording.add(ctx, "RecordMarker", "SideEffect", "", nil)
	return r.Next.SideEffectWithOptions(ctx, options, f)
}

func (r *recorderOutbound) MutableSideEffectWithOptions(ctx workflow.Context, id string, options workflow.MutableSideEffectOptions, f func(ctx workflow.Context) any, equals func(a, b any) bool) converter.EncodedValue {
	r.mutableSideEffect(ctx, id)
	return r.Next.MutableSideEffectWithOptions(ctx, id, options, f, equals)
}
