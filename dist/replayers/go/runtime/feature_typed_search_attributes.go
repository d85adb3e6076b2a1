package replaygate

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

func (r *recorderOutbound) UpsertTypedSearchAttributes(ctx workflow.Context, attributes ...temporal.SearchAttributeUpdate) error {
	err := r.Next.UpsertTypedSearchAttributes(ctx, attributes...)
	if err == nil {
		r.recording.add(ctx, "UpsertWorkflowSearchAttributes", "", "")
	}
	return err
}
