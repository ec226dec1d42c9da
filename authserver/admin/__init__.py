"""Console pages of the top floor: what sign-ins leave behind, to look at and to end. Importing them registers them."""

from authserver.admin import application_sections, consents, refresh_tokens, sessions, user_sections

__all__ = ["application_sections", "consents", "refresh_tokens", "sessions", "user_sections"]
