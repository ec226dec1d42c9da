"""Console pages of the ground floor. Importing them registers them."""

from tenants.admin import directories, log_events, operators, overview, signing_keys, tenants, users

__all__ = ["directories", "log_events", "operators", "overview", "signing_keys", "tenants", "users"]
