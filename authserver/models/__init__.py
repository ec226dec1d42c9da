"""Records of the protocol, on django-oauth-toolkit's abstract models.

Swapped in with the first migration, because that is the only time it is painless. The flows that write them come later.
"""

from authserver.models.records import AccessToken, AuthorizationCode, DeviceCode, IDToken, RefreshToken

__all__ = ["AccessToken", "AuthorizationCode", "DeviceCode", "IDToken", "RefreshToken"]
