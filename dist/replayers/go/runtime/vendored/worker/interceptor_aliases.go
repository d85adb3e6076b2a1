// Package worker is the SDK's own: this file is laid into it. A vendored application has only those packages of
// the SDK that it imports, which seldom is the one of interceptors; this one it always has.
package worker

import "go.temporal.io/sdk/internal"

type (
	ReplayGateWorkerInterceptorBase           = internal.WorkerInterceptorBase
	ReplayGateWorkflowInboundInterceptor      = internal.WorkflowInboundInterceptor
	ReplayGateWorkflowInboundInterceptorBase  = internal.WorkflowInboundInterceptorBase
	ReplayGateWorkflowOutboundInterceptor     = internal.WorkflowOutboundInterceptor
	ReplayGateWorkflowOutboundInterceptorBase = internal.WorkflowOutboundInterceptorBase
	ReplayGateWorkerInterceptor               = internal.WorkerInterceptor
	ReplayGateExecuteWorkflowInput            = internal.ExecuteWorkflowInput
	ReplayGateHandleSignalInput               = internal.HandleSignalInput
	ReplayGateUpdateInput                     = internal.UpdateInput
)
