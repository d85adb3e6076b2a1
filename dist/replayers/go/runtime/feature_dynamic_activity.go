package replaygate

import "go.temporal.io/sdk/activity"

// RegisterDynamicActivity does nothing, because a dynamic activity has no name.
func (r *registry) RegisterDynamicActivity(any, activity.DynamicRegisterOptions) {}
