package replaygate

import "go.temporal.io/sdk/workflow"

func (r *recorderOutbound) GetSignalChannelWithOptions(ctx workflow.Context, signalName string, options workflow.SignalChannelOptions) workflow.ReceiveChannel {
	r.recording.handles("signal", signalName)
	return r.Next.GetSignalChannelWithOptions(ctx, signalName, options)
}
