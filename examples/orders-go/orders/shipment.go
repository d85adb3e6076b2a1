package orders

import "go.temporal.io/sdk/workflow"

// Shipment is the child of an order: it packs the parcel, hands it to the carrier, and waits until it is delivered.
func Shipment(ctx workflow.Context, input ShipmentInput) (result ShipmentResult, err error) {
	ctx = withActivityOptions(ctx)
	if err := workflow.Sleep(ctx, input.PackingTime); err != nil {
		return result, err
	}
	err = workflow.ExecuteActivity(ctx, activities.ShipParcel, input.OrderID, input.Items, input.Address).Get(ctx, &result.TrackingNumber)
	if err != nil {
		return result, err
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		workflow.GetSignalChannel(ctx, "delivered").Receive(ctx, nil)
		result.IsConfirmed = true
	})
	_, err = workflow.AwaitWithTimeout(ctx, input.DeliveryTimeout, func() bool { return result.IsConfirmed })
	return result, err
}
