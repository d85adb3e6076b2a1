package corpus

import (
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"example.com/corpus/activities"
)

func Register(registry worker.Registry) {
	registry.RegisterWorkflowWithOptions(Account, workflow.RegisterOptions{Name: "account"})
	activities.Register(registry)
}

type AccountInput struct {
	Owner string `json:"owner"`
}

var customer = temporal.NewSearchAttributeKeyKeyword("Customer")

// Account has update handlers that issue commands, a side effect, search attributes, a memo, and a function that
// issues commands for others.
func Account(ctx workflow.Context, input AccountInput) (int, error) {
	options := workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second}
	ctx = workflow.WithActivityOptions(ctx, options)
	balance := 0
	owner := input.Owner
	closing := workflow.GetSignalChannel(ctx, "close")
	forgetting := workflow.GetSignalChannel(ctx, "forget")
	deposit := func(ctx workflow.Context, amount int) (int, error) {
		// An update's context has none of the workflow's options.
		ctx = workflow.WithActivityOptions(ctx, options)
		if err := workflow.ExecuteActivity(ctx, activities.Charge, fmt.Sprint(amount)).Get(ctx, nil); err != nil {
			return 0, err
		}
		balance += amount
		return balance, nil
	}
	refuse := func(amount int) error {
		if amount <= 0 {
			return errors.New("nothing is deposited")
		}
		return nil
	}
	err := workflow.SetUpdateHandlerWithOptions(ctx, "deposit", deposit, workflow.UpdateHandlerOptions{Validator: refuse})
	if err != nil {
		return 0, err
	}
	err = workflow.SetUpdateHandler(ctx, "changeOwner", func(ctx workflow.Context, name string) (string, error) {
		owner = name
		return owner, nil
	})
	if err != nil {
		return 0, err
	}

	if err := workflow.UpsertTypedSearchAttributes(ctx, customer.ValueSet(input.Owner)); err != nil {
		return 0, err
	}
	var number string
	if err := workflow.SideEffect(ctx, func(workflow.Context) any { return "number 4711" }).Get(&number); err != nil {
		return 0, err
	}
	if err := keep(ctx, number); err != nil {
		return 0, err
	}
	if err := workflow.Await(ctx, func() bool { return balance > 0 }); err != nil {
		return 0, err
	}
	if err := workflow.ExecuteActivity(ctx, activities.Notify, "first deposit").Get(ctx, nil); err != nil {
		return 0, err
	}
	if err := workflow.Await(ctx, func() bool { return owner != input.Owner }); err != nil {
		return 0, err
	}
	if err := workflow.UpsertMemo(ctx, map[string]any{"owner": owner}); err != nil {
		return 0, err
	}
	if err := keep(ctx, owner); err != nil {
		return 0, err
	}
	closing.Receive(ctx, nil)
	if err := workflow.ExecuteActivity(ctx, activities.Audit, owner).Get(ctx, nil); err != nil {
		return 0, err
	}
	forgetting.Receive(ctx, nil)
	if err := workflow.ExecuteActivity(ctx, activities.Release, number).Get(ctx, nil); err != nil {
		return 0, err
	}
	return balance, nil
}

func keep(ctx workflow.Context, what string) error {
	return workflow.ExecuteActivity(ctx, activities.Store, what).Get(ctx, nil)
}
