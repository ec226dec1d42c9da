"""Top floor: how does the answer come to be?

Owns the protocol: parameters, client authentication, grants, policy, tokens, errors and the endpoints that put them in
order. Does not own the configuration it reads (`apis`) or whose server this is (`tenants`).
"""
