package corpus

import (
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"example.com/corpus/activities"
)

func Register(registry worker.Registry) {
	registry.RegisterWorkflowWithOptions(Booking, workflow.RegisterOptions{Name: "booking"})
	registry.RegisterWorkflowWithOptions(PrintTicket, workflow.RegisterOptions{Name: "printTicket"})
	registry.RegisterWorkflowWithOptions(FollowFlight, workflow.RegisterOptions{Name: "followFlight"})
	activities.Register(registry)
}

type BookingInput struct {
	Seat string `json:"seat"`
}

// Booking is held out: see README.md. It has a wait with a time-out, a context that is cancelled, a failure that is
// made good, a child that it waits for, and another one that it signals.
func Booking(ctx workflow.Context, input BookingInput) (string, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	id := workflow.GetInfo(ctx).WorkflowExecution.ID
	checkIns := workflow.GetSignalChannel(ctx, "checkIn")
	leaves := workflow.GetSignalChannel(ctx, "leave")
	paid := false
	workflow.Go(ctx, func(ctx workflow.Context) {
		workflow.GetSignalChannel(ctx, "pay").Receive(ctx, nil)
		paid = true
	})

	if err := workflow.ExecuteActivity(ctx, activities.Reserve, input.Seat).Get(ctx, nil); err != nil {
		return "", err
	}
	inTime, err := workflow.AwaitWithTimeout(ctx, time.Hour, func() bool { return paid })
	if err != nil {
		return "", err
	}
	if !inTime {
		return "released", workflow.ExecuteActivity(ctx, activities.Release, input.Seat).Get(ctx, nil)
	}
	reminding, forget := workflow.WithCancel(ctx)
	workflow.Go(reminding, func(ctx workflow.Context) {
		if workflow.Sleep(ctx, 24*time.Hour) == nil {
			_ = workflow.ExecuteActivity(ctx, activities.Notify, "the day before").Get(ctx, nil)
		}
	})
	if err := workflow.ExecuteActivity(ctx, activities.Charge, input.Seat).Get(ctx, nil); err != nil {
		return "", err
	}
	following := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: id + "-flight"})
	flight := workflow.ExecuteChildWorkflow(following, FollowFlight, input.Seat)
	if err := flight.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
		return "", err
	}

	var passport string
	checkIns.Receive(ctx, &passport)
	forget()
	if err := workflow.ExecuteActivity(ctx, activities.Store, passport).Get(ctx, nil); err != nil {
		return "", err
	}
	if err := workflow.ExecuteActivity(ctx, activities.Refuse, "an upgrade").Get(ctx, nil); err != nil {
		if err := workflow.ExecuteActivity(ctx, activities.Notify, "no upgrade").Get(ctx, nil); err != nil {
			return "", err
		}
	}
	var ticket string
	printing := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: id + "-ticket"})
	if err := workflow.ExecuteChildWorkflow(printing, PrintTicket, input.Seat).Get(ctx, &ticket); err != nil {
		return "", err
	}

	leaves.Receive(ctx, nil)
	if err := flight.SignalChildWorkflow(ctx, "landed", "the gate").Get(ctx, nil); err != nil {
		return "", err
	}
	if err := flight.Get(ctx, nil); err != nil {
		return "", err
	}
	if err := workflow.ExecuteActivity(ctx, activities.Audit, ticket).Get(ctx, nil); err != nil {
		return "", err
	}
	return ticket, nil
}

func PrintTicket(ctx workflow.Context, seat string) (string, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	var ticket string
	err := workflow.ExecuteActivity(ctx, activities.Format, seat).Get(ctx, &ticket)
	return ticket, err
}

func FollowFlight(ctx workflow.Context, seat string) error {
	workflow.GetSignalChannel(ctx, "landed").Receive(ctx, nil)
	return nil
}
