package orders

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// ApprovalLimit is the largest amount that needs no approval.
const ApprovalLimit = 1000

var activities *Activities

// Order reserves stock, waits for an approval when it is large, charges the card, has the parcel shipped and sends
// a receipt. When it fails or is cancelled, it gives back the money and the stock.
func Order(ctx workflow.Context, input OrderInput) (result OrderResult, err error) {
	status := "reserving-stock"
	address := input.Address
	if err := workflow.SetQueryHandler(ctx, "status", func() (string, error) { return status, nil }); err != nil {
		return result, err
	}
	err = workflow.SetUpdateHandler(ctx, "changeAddress", func(_ workflow.Context, changed Address) (Address, error) {
		previous := address
		address = changed
		return previous, nil
	})
	if err != nil {
		return result, err
	}
	ctx = withActivityOptions(ctx)

	var compensations []func(workflow.Context) error
	defer func() {
		if err != nil {
			status = "compensating"
			compensate(ctx, compensations)
		}
	}()

	if err := workflow.ExecuteActivity(ctx, activities.ReserveStock, input.OrderID, input.Items).Get(ctx, nil); err != nil {
		return result, err
	}
	compensations = append(compensations, func(ctx workflow.Context) error {
		return workflow.ExecuteActivity(ctx, activities.ReleaseStock, input.OrderID).Get(ctx, nil)
	})

	if input.Amount > ApprovalLimit {
		status = "waiting-for-approval"
		isApproved, err := waitForApproval(ctx, input.ApprovalTimeout)
		if err != nil {
			return result, err
		}
		if !isApproved {
			status = "expired"
			compensate(ctx, compensations)
			return OrderResult{Outcome: "expired"}, nil
		}
	}

	status = "charging"
	var chargeID string
	if err := workflow.ExecuteActivity(ctx, activities.ChargeCard, input.OrderID, input.Card, input.Amount).Get(ctx, &chargeID); err != nil {
		return result, err
	}
	compensations = append(compensations, func(ctx workflow.Context) error {
		return workflow.ExecuteActivity(ctx, activities.RefundCard, chargeID).Get(ctx, nil)
	})

	status = "shipping"
	var shipment ShipmentResult
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: workflow.GetInfo(ctx).WorkflowExecution.ID + "-shipment",
	})
	err = workflow.ExecuteChildWorkflow(child, Shipment, ShipmentInput{
		OrderID:         input.OrderID,
		Items:           input.Items,
		Address:         address,
		PackingTime:     or(input.PackingTime, 2*time.Hour),
		DeliveryTimeout: or(input.DeliveryTimeout, 14*24*time.Hour),
	}).Get(ctx, &shipment)
	if err != nil {
		return result, err
	}

	if err := workflow.ExecuteActivity(ctx, activities.SendReceipt, input.OrderID, input.Amount).Get(ctx, nil); err != nil {
		return result, err
	}
	status = "completed"
	return OrderResult{Outcome: "completed", ChargeID: chargeID, TrackingNumber: shipment.TrackingNumber}, nil
}

func waitForApproval(ctx workflow.Context, timeout time.Duration) (bool, error) {
	isApproved := false
	workflow.Go(ctx, func(ctx workflow.Context) {
		workflow.GetSignalChannel(ctx, "approve").Receive(ctx, nil)
		isApproved = true
	})
	return workflow.AwaitWithTimeout(ctx, or(timeout, 7*24*time.Hour), func() bool { return isApproved })
}

// compensate also runs for a cancelled order: that must give back the money and the stock all the same.
func compensate(ctx workflow.Context, compensations []func(workflow.Context) error) {
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	for index := len(compensations) - 1; index >= 0; index-- {
		if err := compensations[index](ctx); err != nil {
			workflow.GetLogger(ctx).Error("A compensation failed", "error", err)
		}
	}
}

func withActivityOptions(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 100 * time.Millisecond, MaximumAttempts: 5},
	})
}

func or(duration, otherwise time.Duration) time.Duration {
	if duration == 0 {
		return otherwise
	}
	return duration
}
