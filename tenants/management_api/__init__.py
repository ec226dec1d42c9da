"""The resources of /api/v2 that this floor owns: tenants/settings, users, connections, keys/signing, logs, stats."""
