package orders

import "go.temporal.io/sdk/workflow"

// Reminder reminds a customer several times, usually at growing intervals.
func Reminder(ctx workflow.Context, input ReminderInput) error {
	ctx = withActivityOptions(ctx)
	for _, interval := range input.Intervals {
		if err := workflow.Sleep(ctx, interval); err != nil {
			return err
		}
		if err := workflow.ExecuteActivity(ctx, activities.SendReminder, input.CustomerID, input.Text).Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}
