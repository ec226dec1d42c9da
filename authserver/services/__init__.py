"""What operators and the Management API end for people: sessions, refresh tokens, consents.

Each in one transaction, with an event that names who did it. Nothing here is configuration, so no cache is thrown away. What
people end themselves, on their account page, is `authserver.pages.account`.
"""

from authserver.services.endings import end_session, end_sessions_of, revoke_family, withdraw_consent

__all__ = ["end_session", "end_sessions_of", "revoke_family", "withdraw_consent"]
