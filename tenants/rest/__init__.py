"""The manners of /api/v2 that all resources share: bearer check, error shape. Each floor brings its own resources."""
