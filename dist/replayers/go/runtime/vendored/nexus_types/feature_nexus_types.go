package replaygate

import "go.temporal.io/sdk/worker"

type ExecuteNexusOperationInput = worker.ReplayGateExecuteNexusOperationInput
