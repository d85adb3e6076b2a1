package orders

import (
	"context"
	"fmt"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
)

// Activities are stand-ins for a warehouse, a bank, a carrier and a mail service. Every result follows from the
// arguments and the attempt alone, so that two workers, or a restarted one, agree.
type Activities struct{}

// ReserveStock fails for good for the SKU "out-of-stock".
func (*Activities) ReserveStock(_ context.Context, orderID string, items []Item) error {
	for _, item := range items {
		if item.SKU == "out-of-stock" {
			return temporal.NewNonRetryableApplicationError("An item is out of stock", "OutOfStock", nil)
		}
	}
	return nil
}

func (*Activities) ReleaseStock(context.Context, string) error { return nil }

// ChargeCard charges every card at once and returns the ID of the charge, except: "card-declined" fails for good,
// "card-flaky" fails at the first two attempts, "card-pending" stays open until the bank confirms the charge.
func (*Activities) ChargeCard(ctx context.Context, orderID, card string, amount int) (string, error) {
	switch {
	case card == "card-declined":
		return "", temporal.NewNonRetryableApplicationError("The card was declined", "CardDeclined", nil)
	case card == "card-flaky" && activity.GetInfo(ctx).Attempt <= 2:
		return "", temporal.NewApplicationError("The bank did not answer", "BankUnavailable")
	case card == "card-pending":
		return "", activity.ErrResultPending
	}
	return "charge-" + orderID, nil
}

func (*Activities) RefundCard(context.Context, string) error { return nil }

// ShipParcel returns the tracking number.
func (*Activities) ShipParcel(_ context.Context, orderID string, items []Item, _ Address) (string, error) {
	pieces := 0
	for _, item := range items {
		pieces += item.Quantity
	}
	return fmt.Sprintf("parcel-%s-%d", orderID, pieces), nil
}

func (*Activities) SendReceipt(context.Context, string, int) error { return nil }

func (*Activities) SendReminder(context.Context, string, string) error { return nil }
