"""Where a request comes in and its answer goes out: one module per endpoint, each a DRF view that puts phases in order."""
