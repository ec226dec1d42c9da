"""Console pages of the ground floor. Importing them registers them."""

from tenants.admin import directories, log_events, operators, signing_keys, tenants

__all__ = ["directories", "log_events", "operators", "signing_keys", "tenants"]
