package corpus

import (
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"example.com/corpus/activities"
)

func Register(registry worker.Registry) {
	registry.RegisterWorkflowWithOptions(Order, workflow.RegisterOptions{Name: "order"})
	activities.Register(registry)
}

type OrderInput struct {
	OrderID string `json:"orderId"`
	Amount  int    `json:"amount"`
}

// Order has activities one after the other, a version, a local activity, timers, and three waits for signals.
func Order(ctx workflow.Context, input OrderInput) (string, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: 5 * time.Second})
	approvals := workflow.GetSignalChannel(ctx, "approve")
	payments := workflow.GetSignalChannel(ctx, "pay")
	deliveries := workflow.GetSignalChannel(ctx, "deliver")

	var reservation string
	if err := workflow.ExecuteActivity(ctx, activities.Reserve, input.OrderID).Get(ctx, &reservation); err != nil {
		return "", err
	}
	if err := workflow.ExecuteActivity(ctx, activities.Notify, "reserved").Get(ctx, nil); err != nil {
		return "", err
	}
	var approvedBy string
	approvals.Receive(ctx, &approvedBy)
	if workflow.GetVersion(ctx, "check-fraud", workflow.DefaultVersion, 1) == 1 {
		if err := workflow.ExecuteActivity(ctx, activities.CheckFraud, input.OrderID).Get(ctx, nil); err != nil {
			return "", err
		}
	}
	if err := workflow.Sleep(ctx, 30*time.Millisecond); err != nil {
		return "", err
	}
	var receipt string
	if err := workflow.ExecuteLocalActivity(ctx, activities.Format, input.OrderID).Get(ctx, &receipt); err != nil {
		return "", err
	}
	if err := workflow.ExecuteActivity(ctx, activities.Notify, "approved").Get(ctx, nil); err != nil {
		return "", err
	}
	for paid := 0; paid < input.Amount; {
		var amount int
		payments.Receive(ctx, &amount)
		paid += amount
	}
	if err := workflow.ExecuteActivity(ctx, activities.Charge, reservation).Get(ctx, nil); err != nil {
		return "", err
	}
	if err := workflow.Sleep(ctx, 20*time.Millisecond); err != nil {
		return "", err
	}
	if err := workflow.ExecuteActivity(ctx, activities.Ship, input.OrderID).Get(ctx, nil); err != nil {
		return "", err
	}
	deliveries.Receive(ctx, nil)
	if err := workflow.ExecuteActivity(ctx, activities.Notify, receipt).Get(ctx, nil); err != nil {
		return "", err
	}
	return receipt, nil
}
