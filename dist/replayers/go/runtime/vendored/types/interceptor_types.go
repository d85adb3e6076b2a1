package replaygate

import "go.temporal.io/sdk/worker"

type (
	WorkerInterceptorBase           = worker.ReplayGateWorkerInterceptorBase
	WorkflowInboundInterceptor      = worker.ReplayGateWorkflowInboundInterceptor
	WorkflowInboundInterceptorBase  = worker.ReplayGateWorkflowInboundInterceptorBase
	WorkflowOutboundInterceptor     = worker.ReplayGateWorkflowOutboundInterceptor
	WorkflowOutboundInterceptorBase = worker.ReplayGateWorkflowOutboundInterceptorBase
	WorkerInterceptor               = worker.ReplayGateWorkerInterceptor
	ExecuteWorkflowInput            = worker.ReplayGateExecuteWorkflowInput
	HandleSignalInput               = worker.ReplayGateHandleSignalInput
	UpdateInput                     = worker.ReplayGateUpdateInput
)
