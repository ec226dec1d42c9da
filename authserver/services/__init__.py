"""What operators and the Management API end for people: sessions, refresh tokens, consents, single access tokens.

Each in one transaction, with an event that names who did it. Nothing here is configuration, so no cache is thrown away. What
people end themselves, on their account page, is `authserver.pages.account`.
"""

from authserver.services.blacklist import blacklist_token
from authserver.services.endings import end_session, revoke_family, withdraw_consent
from authserver.services.metadata import set_refresh_token_metadata, set_session_metadata
from authserver.services.several_endings import (
    end_sessions_of,
    revoke_access,
    revoke_refresh_tokens,
    revoke_session,
    withdraw_consents_of,
)

__all__ = [
    "blacklist_token",
    "end_session",
    "end_sessions_of",
    "revoke_access",
    "revoke_family",
    "revoke_refresh_tokens",
    "revoke_session",
    "set_refresh_token_metadata",
    "set_session_metadata",
    "withdraw_consent",
    "withdraw_consents_of",
]
