package replaygate

import "go.temporal.io/sdk/interceptor"

// Where the module is vendored, another file has the same names from elsewhere.
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
