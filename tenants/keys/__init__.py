"""Keys of a tenant: made, encrypted, rotated, published, signed with and verified against.

The one door to PyJWT, cryptography and trustme. Does not decide what a token says.
"""
