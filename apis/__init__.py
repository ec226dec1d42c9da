"""First floor: what may be asked, and by whom?

Owns APIs (resource servers) with their permissions, applications (clients) with their secrets, and the client grants that
say which application may call which API with which scopes. Does not own tenants, keys and events (`tenants`, below), nor
tokens and flows (`authserver`, above, which it may not import).
"""
