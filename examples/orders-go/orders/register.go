package orders

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Register is called by the worker, and by replay: both then know the same workflows by the same names.
func Register(registry worker.Registry) {
	registry.RegisterWorkflowWithOptions(Order, workflow.RegisterOptions{Name: "order"})
	registry.RegisterWorkflowWithOptions(Shipment, workflow.RegisterOptions{Name: "shipment"})
	registry.RegisterWorkflowWithOptions(Reminder, workflow.RegisterOptions{Name: "reminder"})
	registry.RegisterActivity(&Activities{})
}
