"""Points in time as the pages of this floor show them: as the whole console does."""

from tenants.console.values import when as short

__all__ = ["short"]
