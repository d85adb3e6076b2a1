package replaygate

import "github.com/nexus-rpc/sdk-go/nexus"

// RegisterNexusService does nothing: no workflow code calls a service of its own worker but by name.
func (r *registry) RegisterNexusService(*nexus.Service) {}
