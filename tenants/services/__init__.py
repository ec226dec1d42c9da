"""Writes to tenants, domains and directories. Console, commands and Management API all come through here.

Rules that belong to one row stand on the model (`clean`, validators) and run through `full_clean`; these modules add what
takes more than the row, tell the audit trail, and bump the configuration cache.
"""

from tenants.services.directories import create_connection, delete_connection, update_connection
from tenants.services.tenants import add_domain, create_tenant, remove_domain, update_tenant
from tenants.services.users import create_user, delete_user, patch_user, set_password, update_user

__all__ = [
    "add_domain",
    "create_connection",
    "create_tenant",
    "create_user",
    "delete_connection",
    "delete_user",
    "patch_user",
    "remove_domain",
    "set_password",
    "update_connection",
    "update_tenant",
    "update_user",
]
