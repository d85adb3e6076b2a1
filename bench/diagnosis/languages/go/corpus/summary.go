package corpus

import (
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"example.com/corpus/activities"
)

func Register(registry worker.Registry) {
	registry.RegisterWorkflowWithOptions(Summary, workflow.RegisterOptions{Name: "summary"})
	activities.Register(registry)
}

type SummaryInput struct {
	SummaryID string   `json:"summaryId"`
	Regions   []string `json:"regions"`
}

// Summary does much at a time: futures that are joined, a goroutine for each region, a selector, a goroutine that
// goes on by itself, and a closure.
func Summary(ctx workflow.Context, input SummaryInput) (int, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	requests := workflow.GetSignalChannel(ctx, "request")
	publications := workflow.GetSignalChannel(ctx, "publish")
	ends := workflow.GetSignalChannel(ctx, "finish")

	counting := workflow.ExecuteActivity(ctx, activities.Count, "orders of "+input.SummaryID)
	storing := workflow.ExecuteActivity(ctx, activities.Store, "refunds of "+input.SummaryID)
	var orders int
	if err := counting.Get(ctx, &orders); err != nil {
		return 0, err
	}
	if err := storing.Get(ctx, nil); err != nil {
		return 0, err
	}

	formatted := workflow.NewWaitGroup(ctx)
	texts := make([]string, len(input.Regions))
	for index, region := range input.Regions {
		formatted.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer formatted.Done()
			formatting := workflow.ExecuteActivity(ctx, activities.Format, region)
			_ = formatting.Get(ctx, &texts[index])
		})
	}
	formatted.Wait(ctx)

	var requestedBy string
	requests.Receive(ctx, &requestedBy)
	pause := workflow.NewTimer(ctx, 20*time.Millisecond)
	telling := workflow.ExecuteActivity(ctx, activities.Notify, requestedBy)
	ready := 0
	selector := workflow.NewSelector(ctx).
		AddFuture(pause, func(workflow.Future) { ready++ }).
		AddFuture(telling, func(workflow.Future) { ready++ })
	for ready < 2 {
		selector.Select(ctx)
	}
	publications.Receive(ctx, nil)

	published := workflow.NewChannel(ctx)
	publish := func(ctx workflow.Context, what string) {
		_ = workflow.ExecuteActivity(ctx, activities.Store, what).Get(ctx, nil)
		_ = workflow.Sleep(ctx, 20*time.Millisecond)
		_ = workflow.ExecuteActivity(ctx, activities.Notify, what).Get(ctx, nil)
		published.Send(ctx, what)
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		publish(ctx, "the text")
	})
	published.Receive(ctx, nil)
	if err := workflow.ExecuteActivity(ctx, activities.Charge, input.SummaryID).Get(ctx, nil); err != nil {
		return 0, err
	}
	ends.Receive(ctx, nil)
	if err := workflow.ExecuteActivity(ctx, activities.Audit, texts[0]).Get(ctx, nil); err != nil {
		return 0, err
	}
	return orders, nil
}
