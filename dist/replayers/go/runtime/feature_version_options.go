package replaygate

import "go.temporal.io/sdk/workflow"

func (r *recorderOutbound) GetVersionWithOptions(ctx workflow.Context, changeID string, minSupported, maxSupported workflow.Version, options workflow.GetVersionOptions) workflow.Version {
	return r.version(ctx, changeID, minSupported, func() workflow.Version {
		return r.Next.GetVersionWithOptions(ctx, changeID, minSupported, maxSupported, options)
	})
}
