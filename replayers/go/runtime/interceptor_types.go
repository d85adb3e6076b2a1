package replaygate

import "go.temporal.io/sdk/interceptor"

// For vendored modules another file has these names.
type (
	WorkerInterceptorBase           = interceptor.WorkerInterceptorBase
	WorkflowInboundInterceptor      = interceptor.WorkflowInboundInterceptor
	WorkflowInboundInterceptorBase  = interceptor.WorkflowInboundInterceptorBase
	WorkflowOutboundInterceptor     = interceptor.WorkflowOutboundInterceptor
	WorkflowOutboundInterceptorBase = interceptor.WorkflowOutboundInterceptorBase
	WorkerInterceptor               = interceptor.WorkerInterceptor
	ExecuteWorkflowInput            = interceptor.ExecuteWorkflowInput
	HandleSignalInput               = interceptor.HandleSignalInput
	UpdateInput                     = interceptor.UpdateInput
)
