// Package activities has the activities of all workflows of the corpus. Each answers at once and with the same for
// the same, so that two runs of one scenario leave the same commands.
package activities

import (
	"context"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
)

func Audit(_ context.Context, what string) (string, error)   { return "audited " + what, nil }
func Reserve(_ context.Context, what string) (string, error) { return "reservation of " + what, nil }
func Release(_ context.Context, what string) (string, error) { return "released " + what, nil }
func Charge(_ context.Context, what string) (string, error)  { return "charged " + what, nil }
func Refund(_ context.Context, what string) (string, error)  { return "refunded " + what, nil }
func Ship(_ context.Context, what string) (string, error)    { return "shipped " + what, nil }
func Notify(_ context.Context, what string) (string, error)  { return "told " + what, nil }
func Store(_ context.Context, what string) (string, error)   { return "stored " + what, nil }
func Count(_ context.Context, what string) (int, error)      { return len(what), nil }
func CheckFraud(_ context.Context, what string) (bool, error) {
	return what == "", nil
}
func Format(_ context.Context, what string) (string, error) { return "formatted " + what, nil }

// Refuse fails for good.
func Refuse(_ context.Context, what string) (string, error) {
	return "", temporal.NewNonRetryableApplicationError("refused "+what, "Refused", nil)
}

// Register tells a worker, or a replay, of all of them.
func Register(registry worker.Registry) {
	for _, one := range []any{
		Audit, Reserve, Release, Charge, Refund, Ship, Notify, Store, Count, CheckFraud, Format, Refuse,
	} {
		registry.RegisterActivity(one)
	}
}
