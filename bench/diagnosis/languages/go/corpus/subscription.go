package corpus

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"example.com/corpus/activities"
)

func Register(registry worker.Registry) {
	registry.RegisterWorkflowWithOptions(Subscription, workflow.RegisterOptions{Name: "subscription"})
	activities.Register(registry)
}

type SubscriptionInput struct {
	Customer string `json:"customer"`
	Year     int    `json:"year"`
}

// Subscription is a loop with waits, a version in it, and continues as new.
func Subscription(ctx workflow.Context, input SubscriptionInput) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	payments := workflow.GetSignalChannel(ctx, "pay")
	renewals := workflow.GetSignalChannel(ctx, "renew")

	for month := 1; month <= 3; month++ {
		var paid int
		payments.Receive(ctx, &paid)
		bill := fmt.Sprintf("month %d of %s", month, input.Customer)
		if err := workflow.ExecuteActivity(ctx, activities.Charge, bill).Get(ctx, nil); err != nil {
			return err
		}
		version := workflow.GetVersion(ctx, "thank-for-payments", workflow.DefaultVersion, 2)
		if version >= 1 {
			if err := workflow.ExecuteActivity(ctx, activities.Notify, bill).Get(ctx, nil); err != nil {
				return err
			}
		}
		if month == 2 {
			if err := workflow.ExecuteActivity(ctx, activities.Store, "half of the year").Get(ctx, nil); err != nil {
				return err
			}
		}
		if err := workflow.Sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	renewals.Receive(ctx, nil)
	if err := workflow.ExecuteActivity(ctx, activities.Audit, input.Customer).Get(ctx, nil); err != nil {
		return err
	}
	return workflow.NewContinueAsNewError(ctx, "subscription", SubscriptionInput{Customer: input.Customer, Year: input.Year + 1})
}
