// Package orders has the workflows and activities of a shop.
package orders

import "time"

type Address struct{ Name, Street, City string }

type Item struct {
	SKU      string
	Quantity int
}

// OrderInput starts an order. Durations that are zero have defaults.
type OrderInput struct {
	OrderID string
	Items   []Item
	// Amount is in whole currency units. An order above ApprovalLimit waits for an "approve" signal.
	Amount int
	// Card is a token; ChargeCard lists those that do not simply succeed.
	Card    string
	Address Address
	// ApprovalTimeout is how long an order waits for its approval before it expires.
	ApprovalTimeout time.Duration
	// PackingTime is how long the warehouse takes to pack the parcel.
	PackingTime time.Duration
	// DeliveryTimeout is how long a parcel may be in transit before it counts as delivered.
	DeliveryTimeout time.Duration
}

type OrderResult struct{ Outcome, ChargeID, TrackingNumber string }

type ShipmentInput struct {
	OrderID         string
	Items           []Item
	Address         Address
	PackingTime     time.Duration
	DeliveryTimeout time.Duration
}

type ShipmentResult struct {
	TrackingNumber string
	// IsConfirmed is false when DeliveryTimeout passed without a "delivered" signal.
	IsConfirmed bool
}

type ReminderInput struct {
	CustomerID string
	Text       string
	// Intervals say how long to wait before each reminder.
	Intervals []time.Duration
}
