package replaygate

import "github.com/nexus-rpc/sdk-go/nexus"

// RegisterNexusService does nothing, because workflow code calls a service only by name.
func (r *registry) RegisterNexusService(*nexus.Service) {}
