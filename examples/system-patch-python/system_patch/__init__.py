"""An example application: security patches for a fleet of hosts."""
