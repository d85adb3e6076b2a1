package replaygate

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

func (r *registry) RegisterDynamicWorkflow(w any, options workflow.DynamicRegisterOptions) {
	r.application.dynamic = true
	r.add(func(replayer worker.WorkflowReplayer, _ worker.ActivityRegistry) {
		replayer.RegisterDynamicWorkflow(w, options)
	})
}
