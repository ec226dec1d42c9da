"""The resources of /api/v2 that this floor owns: resource-servers, clients, client-grants, roles."""
