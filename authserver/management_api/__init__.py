"""The resources of /api/v2 that this floor owns: what people allowed, their sessions and refresh tokens, blacklists."""
