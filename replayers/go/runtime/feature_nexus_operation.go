package replaygate

import (
	"fmt"

	"go.temporal.io/sdk/workflow"
)

func (r *recorderOutbound) ExecuteNexusOperation(ctx workflow.Context, input ExecuteNexusOperationInput) workflow.NexusOperationFuture {
	watched := r.watch(ctx, "RequestCancelNexusOperation")
	future := r.Next.ExecuteNexusOperation(watched, input)
	watched.issued(future, "ScheduleNexusOperation", operationName(input.Operation), "", nil)
	return future
}

// operationName is the name of an operation. The code gives a text, or a reference that has a name.
func operationName(operation any) string {
	if named, ok := operation.(interface{ Name() string }); ok {
		return named.Name()
	}
	return fmt.Sprint(operation)
}
