package replaygate

import (
	"errors"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// registry takes the place of the worker on which the application registers. The embedded worker is nil. It only
// provides the methods, so that registry fits any part of a worker that the application asks for, in every release.
type registry struct {
	worker.Worker
	application *application
}

func newRegistry(a *application) *registry { return &registry{application: a} }

func (r *registry) add(registration registration) {
	r.application.registrations = append(r.application.registrations, registration)
}

func (r *registry) RegisterWorkflow(w any) {
	r.application.addType(w, "")
	r.add(func(replayer worker.WorkflowReplayer, _ worker.ActivityRegistry) {
		replayer.RegisterWorkflow(w)
	})
}

func (r *registry) RegisterWorkflowWithOptions(w any, options workflow.RegisterOptions) {
	r.application.addType(w, options.Name)
	r.add(func(replayer worker.WorkflowReplayer, _ worker.ActivityRegistry) {
		replayer.RegisterWorkflowWithOptions(w, options)
	})
}

// Activities are registered too. When a workflow calls one by its function, the SDK takes the registered name.
func (r *registry) RegisterActivity(a any) {
	r.add(func(_ worker.WorkflowReplayer, activities worker.ActivityRegistry) {
		if activities != nil {
			activities.RegisterActivity(a)
		}
	})
}

func (r *registry) RegisterActivityWithOptions(a any, options activity.RegisterOptions) {
	r.add(func(_ worker.WorkflowReplayer, activities worker.ActivityRegistry) {
		if activities != nil {
			activities.RegisterActivityWithOptions(a, options)
		}
	})
}

var errNoWorker = errors.New("this is replay: the function that registers workflows must not run the worker")

func (r *registry) Start() error { return errNoWorker }

func (r *registry) Run(<-chan any) error { return errNoWorker }

func (r *registry) Stop() {}
