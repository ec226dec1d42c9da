"""What was asked: query, form or JSON, read once into a value. Below this package no rule sees HTTP."""

from authserver.params.reading import form, form_or_json, query, read_body
from authserver.params.token import TokenRequest, token_request

__all__ = ["TokenRequest", "form", "form_or_json", "query", "read_body", "token_request"]
