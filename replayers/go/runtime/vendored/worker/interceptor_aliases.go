// Package worker is the SDK's own, and this file is put into it. A vendored application has only the packages of the
// SDK that it imports. It always has this one, and seldom the one of interceptors.
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
