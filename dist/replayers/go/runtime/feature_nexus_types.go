package replaygate

import "go.temporal.io/sdk/interceptor"

type ExecuteNexusOperationInput = interceptor.ExecuteNexusOperationInput
