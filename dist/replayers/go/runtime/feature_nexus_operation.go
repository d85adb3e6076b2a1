package replaygate

import (
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/workflow"
)

func init() {
	nexusResult = func(history *historypb.History, event *historypb.HistoryEvent) (string, *commonpb.Payload) {
		completed := event.GetNexusOperationCompletedEventAttributes()
		scheduled := eventOf(history, completed.GetScheduledEventId()).GetNexusOperationScheduledEventAttributes()
		return "Nexus operation " + scheduled.GetOperation(), completed.GetResult()
	}
}

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
