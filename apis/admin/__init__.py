"""Console pages of the first floor. Importing them registers them."""

from apis.admin import apis, applications, client_grants, connection_switches, overview, roles, setup, user_roles

__all__ = ["apis", "applications", "client_grants", "connection_switches", "overview", "roles", "setup", "user_roles"]
