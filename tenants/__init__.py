"""Ground floor: whose server is this?

Owns tenants, their domains, directories, users, signing keys, log events and the operators of the console, and what every
floor above stands on: host → tenant, the configuration cache, the audit trail, the manners of the console and of /api/v2.
Does not own: APIs and applications (`apis`), tokens and flows (`authserver`). Imports neither.
"""
