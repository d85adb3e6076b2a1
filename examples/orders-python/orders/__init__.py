"""An example application: orders, shipments, customer accounts and reminders."""
