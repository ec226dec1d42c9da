"""Console pages of the top floor: what sign-ins leave behind, to look at and to end. Importing them registers them."""

from authserver.admin import (
    api_applications,
    api_test,
    application_apis,
    application_logs,
    application_sections,
    application_sign_ins,
    consents,
    demo_note,
    log_event_links,
    overview,
    page_preview,
    permission_preview,
    refresh_tokens,
    sessions,
    user_sections,
)
from authserver.admin.quick_start import page as application_quick_start

__all__ = [
    "api_applications",
    "api_test",
    "application_apis",
    "application_logs",
    "application_quick_start",
    "application_sections",
    "application_sign_ins",
    "consents",
    "demo_note",
    "log_event_links",
    "overview",
    "page_preview",
    "permission_preview",
    "refresh_tokens",
    "sessions",
    "user_sections",
]
