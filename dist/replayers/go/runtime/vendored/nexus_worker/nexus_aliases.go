package worker

import "go.temporal.io/sdk/internal"

type ReplayGateExecuteNexusOperationInput = internal.ExecuteNexusOperationInput
