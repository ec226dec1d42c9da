"""Wiring only: settings, URLs, the WSGI entry. No rule of the product lives here."""
