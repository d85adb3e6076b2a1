package replaygate

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

func (r *recorderOutbound) UpsertTypedSearchAttributes(ctx workflow.Context, attributes ...temporal.SearchAttributeUpdate) error {
	err := r.Next.UpsertTypedSearchAttributes(ctx, attributes...)
	if err == nil {
		carried := r.contents.upsertedSearchAttributes(ctx, byName(temporal.NewSearchAttributes(attributes...)))
		r.recording.add(ctx, "UpsertWorkflowSearchAttributes", "", "", carried)
	}
	return err
}

func byName(attributes temporal.SearchAttributes) map[string]any {
	values := map[string]any{}
	for key, value := range attributes.GetUntypedValues() {
		values[key.GetName()] = value
	}
	return values
}

func init() {
	typedAttributes = func(options workflow.ChildWorkflowOptions) map[string]any {
		return byName(options.TypedSearchAttributes)
	}
}
