package replaygate

import "go.temporal.io/sdk/activity"

// RegisterDynamicActivity does nothing: a dynamic activity gives no name to what calls it.
func (r *registry) RegisterDynamicActivity(any, activity.DynamicRegisterOptions) {}
