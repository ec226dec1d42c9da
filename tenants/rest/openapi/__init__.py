"""The OpenAPI document of /api/v2 and the page that shows it. The only door to drf-spectacular.

Made from the router, the `Operation`s and the shapes that the views themselves act on; nothing is written down twice.
"""
